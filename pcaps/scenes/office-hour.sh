# shellcheck shell=bash disable=SC2034,SC2154
# Three workstations at work with Outlook, Teams and OneDrive: the mail, the meetings and the files,
# and beside them sign-in, settings, diagnostic events and the insights about how people work.
hosts='
fra-efz.ms-acdc.office.com                  101 six
substrate.office.com                        101
autodiscover-s.outlook.com                  101
s-0005.s-msedge.net                         102
config.teams.microsoft.com                  102
contoso.sharepoint.com                      103
contoso-my.sharepoint.com                   103
oneclient.sfx.ms                            103
login.microsoftonline.com                   104
onedscolprdweu07.westeurope.cloudapp.azure.com 105
nexus.officeapps.live.com                   105
nexusrules.officeapps.live.com              105
mobile.pipe.aria.microsoft.com              105
insights.viva.office.com                    106
analysis.insights.viva.office.com           106
api.orginsights.viva.office.com             106
myanalytics.microsoft.com                   106
cdnprod.myanalytics.microsoft.com           106
app.eu1.glint.cloud.microsoft               107
feedback.eu1.glint.cloud.microsoft          107
ecs.office.com                              108
officeclient.microsoft.com                  108
res.cdn.office.net                          109 six
www.example.org                             110
intranet.example                            111
'
aliases='
outlook.office365.com                       ooc-g2.tm-4.office.com
ooc-g2.tm-4.office.com                      outlook.ms-acdc.office.com
outlook.ms-acdc.office.com                  fra-efz.ms-acdc.office.com
teams.microsoft.com                         teams.office.com
teams.office.com                            tmc-g2.tm-4.office.com
tmc-g2.tm-4.office.com                      s-0005.s-msedge.net
office.events.data.microsoft.com            office.events.data.trafficmanager.net
office.events.data.trafficmanager.net       onedscolprdweu07.westeurope.cloudapp.azure.com
browser.events.data.microsoft.com           browser.events.data.trafficmanager.net
browser.events.data.trafficmanager.net      onedscolprdweu07.westeurope.cloudapp.azure.com
teams.events.data.microsoft.com             teams-events-data.trafficmanager.net
teams-events-data.trafficmanager.net        onedscolprdweu07.westeurope.cloudapp.azure.com
self.events.data.microsoft.com              self-events-data.trafficmanager.net
self-events-data.trafficmanager.net         onedscolprdweu07.westeurope.cloudapp.azure.com
'

act() {
    local round
    web_mail
    browse 2 https://outlook.office365.com/
    for round in 1 2 3 4 5 6; do
        desktop_suite 1 "$round"
        file_sync 3 "$round"
        sleep 1
    done
    browse 1 https://teams.microsoft.com/
    browse 3 https://myanalytics.microsoft.com/
    as 2 curl --silent https://www.example.org/blob/4000
    as 2 curl --silent http://intranet.example/blob/1500
}

# What the browser shows; the pages load from other hosts and report to them, as web applications do.
web_mail() {
    page outlook.office365.com <<'END'
<!doctype html><title>mail</title>
<img src="https://res.cdn.office.net/blob/12000"><img src="https://substrate.office.com/blob/1500">
<script>
fetch("https://browser.events.data.microsoft.com/OneCollector/1.0/", { method: "POST", mode: "no-cors", body: "e".repeat(6000) });
fetch("https://outlook.office365.com/owa/service.svc", { method: "POST", mode: "no-cors", body: "m".repeat(2500) });
fetch("https://insights.viva.office.com/api/briefing", { method: "POST", mode: "no-cors", body: "i".repeat(700) });
</script>
END
    page teams.microsoft.com <<'END'
<!doctype html><title>meetings</title><img src="https://res.cdn.office.net/blob/4000">
<script>
fetch("https://teams.events.data.microsoft.com/Collector/3.0/", { method: "POST", mode: "no-cors", body: "t".repeat(9000) });
fetch("https://config.teams.microsoft.com/config/v1", { mode: "no-cors" });
</script>
END
    page myanalytics.microsoft.com <<'END'
<!doctype html><title>insights</title><img src="https://cdnprod.myanalytics.microsoft.com/blob/12000">
<script>
fetch("https://analysis.insights.viva.office.com/query", { method: "POST", mode: "no-cors", body: "q".repeat(1800) });
fetch("https://feedback.eu1.glint.cloud.microsoft/survey", { method: "POST", mode: "no-cors", body: "s".repeat(1100) });
fetch("https://app.eu1.glint.cloud.microsoft/", { mode: "no-cors" });
</script>
END
}

# desktop_suite CLIENT ROUND: sign in, settings, mail, then the events, larger with every round
desktop_suite() {
    local n=$1 round=$2
    upload "$n" 900 https://login.microsoftonline.com/common/oauth2/token
    as "$n" curl --silent https://ecs.office.com/config/v2/Office
    as "$n" curl --silent https://officeclient.microsoft.com/config16
    as "$n" curl --silent https://outlook.office365.com/blob/4000
    upload "$n" $((round * 700)) https://outlook.office365.com/mapi/emsmdb
    as "$n" curl --silent https://autodiscover-s.outlook.com/autodiscover
    upload "$n" $((2000 + round * 2500)) https://office.events.data.microsoft.com/OneCollector/1.0/
    upload "$n" $((round * 1200)) https://self.events.data.microsoft.com/OneCollector/1.0/ --http1.1
    upload "$n" 1600 https://nexus.officeapps.live.com/nexus/upload
    as "$n" curl --silent https://nexusrules.officeapps.live.com/nexus/rules
    upload "$n" $((round * 400)) https://api.orginsights.viva.office.com/v1
}

# file_sync CLIENT ROUND: wget, python and openssl instead of curl
file_sync() {
    local n=$1 round=$2 size=$(($2 * 3000))
    as "$n" wget --quiet --ca-certificate="$dir/ca.pem" --output-document=/dev/null https://contoso.sharepoint.com/blob/12000
    as "$n" wget --quiet --ca-certificate="$dir/ca.pem" --output-document=/dev/null https://oneclient.sfx.ms/blob/1500
    as "$n" python3 -c "
import urllib.request
for url, size in (('https://contoso-my.sharepoint.com/_api/upload', $size), ('https://mobile.pipe.aria.microsoft.com/Collector/3.0/', 2200)):
    urllib.request.urlopen(urllib.request.Request(url, data=b'f' * size)).read()
"
    as "$n" openssl s_client -CAfile "$dir/ca.pem" -connect insights.viva.office.com:443 -servername insights.viva.office.com -alpn h2
    as "$n" wget --quiet --ca-certificate="$dir/ca.pem" --secure-protocol=TLSv1_2 --post-data="$(printf 'r%.0s' {1..800})" \
        --output-document=/dev/null https://teams.events.data.microsoft.com/Collector/3.0/
}
