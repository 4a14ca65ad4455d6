# Die Texte des Beweisberichts auf Deutsch.
report-kind = Beweisbericht über beobachteten Netzverkehr
report-case = Vorgang
report-author = Verfasser
report-date = Datum des Berichts
report-captures = Mitschnitte
report-period = beobachteter Zeitraum
report-period-text = {$from} bis {$to} ({$duration})
report-period-none = keiner: die Mitschnitte enthalten keinen Rahmen mit Zeit
report-zone = Zeitzone
report-zone-text = {$zone}, zu Beginn des Zeitraums UTC{$offset}; in UTC ist der Zeitraum {$from} bis {$to}
report-made = erstellt mit
report-not-given = nicht angegeben
report-contents = Inhalt
report-section-question = Frage
report-section-answer = Antwort
report-section-limits = Grenzen
report-section-systems = Systeme
report-section-timeline = Zeitverlauf
report-section-hosts = Einzelheiten je Host
report-section-screens = Bildschirme des Terminals
report-section-method = Methode
report-section-protection = Datenschutz
report-section-check = Wie dieser Bericht geprüft wird
report-section-sources = Signaturen und ihre Quellen
report-section-glossary = Glossar
report-question-default = Mit welchen Systemen, deren Zweck dokumentiert ist, sprachen die Geräte in diesen Mitschnitten, und wie viel sendeten sie ihnen?
report-answer-observed = Beobachtet: in {$duration} hatten {$some-text} von {$clients} Clients {$flows-text} Flüsse mit Hosts von Systemen für Telemetrie, Analyse, Werbung, Umfragen oder Fahrzeuge und sendeten ihnen {$octets} ({$exact} Oktette).
report-answer-none = Beobachtet: in {$duration} war in diesen Mitschnitten kein Fluss der {$clients-text} Clients mit einem Host eines bekannten Systems für Telemetrie, Analyse, Werbung, Umfragen oder Fahrzeuge zu sehen. Was einen verbergen kann, steht unter Grenzen.
report-answer-categories = Nach Kategorie, gesendet: {$list}.
report-answer-grades = Nach Beweisgrad (A ist der stärkste, D ein Hinweis), gesendet: {$list}.
report-answer-inferred = Abgeleitet: wozu ein Host dient, stammt aus den Quellen, die bei seiner Signatur genannt sind, nicht aus dem Inhalt; dieser wurde nicht gelesen.
report-answer-inferred-none = Abgeleitet: nichts. Welche Hosts zu solchen Systemen gehören, stammt aus Signaturen mit genannten Quellen; ein Host, den keine Signatur nennt, bleibt ohne Zweck.
report-answer-apart = Getrennt gezählt und in keiner Summe darüber: {$operation} an Systeme des Betriebs (Anmeldung, Aktualisierungen, Speicher und dergleichen) gesendet, {$untagged} an Hosts ohne Signatur; {$unnamed} aller Oktette haben keinen Namen.
report-pair = {$name} {$octets}
report-limits-lead = Sie gelten für jede Zahl, die folgt. Jede steht hier, weil ihre Bedingung in diesen Daten erfüllt ist.
limit-encrypted = Der Inhalt wurde nicht gelesen und ist meist verschlüsselt; sichtbar sind nur Gegenstelle, Zeit und Menge.
limit-server-side = Auswertungen in der Cloud des Anbieters hinterlassen in diesem Netz keine Spur.
limit-shared-host = Manche Hosts dienen mehreren Zwecken; ihr Volumen ist nicht nur Telemetrie: {$octets} der gesendeten Oktette gingen an solche Hosts.
limit-unnamed = {$share} der Oktette ({$octets}) ließen sich keinem Namen zuordnen.
limit-ech = { $flows ->
    [one] Encrypted ClientHello verbarg den wahren Namen von 1 Fluss.
   *[other] Encrypted ClientHello verbarg den wahren Namen von {$flows-text} Flüssen.
 }
limit-encrypted-dns = { $flows ->
    [one] Verschlüsseltes DNS war im Einsatz (1 Fluss); Namen aus DNS sind unvollständig.
   *[other] Verschlüsseltes DNS war im Einsatz ({$flows-text} Flüsse); Namen aus DNS sind unvollständig.
 }
limit-drops = { $frames ->
    [one] 1 Rahmen ging beim Mitschneiden verloren.
   *[other] {$frames-text} Rahmen gingen beim Mitschneiden verloren.
 }
limit-drops-unknown = { $captures ->
    [one] 1 Mitschnitt sagt nicht, ob beim Mitschneiden Rahmen verloren gingen.
   *[other] {$captures-text} Mitschnitte sagen nicht, ob beim Mitschneiden Rahmen verloren gingen.
 }
limit-damage = Der Mitschnitt {$capture} ist bei Rahmen {$frame}, Oktett {$offset} beschädigt; danach kann etwas fehlen.
limit-damage-more = { $places ->
    [one] 1 weitere beschädigte Stelle steht in record.json.
   *[other] {$places-text} weitere beschädigte Stellen stehen in record.json.
 }
limit-not-read = Der Mitschnitt {$capture} ließ sich nicht lesen; nichts davon ist gezählt.
limit-not-read-more = { $captures ->
    [one] 1 weiterer Mitschnitt ließ sich nicht lesen.
   *[other] {$captures-text} weitere Mitschnitte ließen sich nicht lesen.
 }
limit-one-sided = { $flows ->
    [one] 1 Fluss war nur in einer Richtung zu sehen.
   *[other] {$flows-text} Flüsse waren nur in einer Richtung zu sehen.
 }
limit-midstream = { $flows ->
    [one] 1 Verbindung ohne Namen begann vor dem Mitschnitt.
   *[other] {$flows-text} Verbindungen ohne Namen begannen vor dem Mitschnitt.
 }
limit-vpn = Ein Tunnel transportierte {$octets}; sein Inhalt ist unbekannt.
limit-cellular = Die eigene Mobilfunkverbindung des Fahrzeugs läuft nicht über dieses Netz.
limit-brokers = Übertragungen zwischen Firmenservern sind hier nicht sichtbar.
limit-clock = Die Uhr des Mitschnittrechners wurde nicht geprüft.
limit-clock-host = Die Uhr wurde auf dem Rechner betrachtet, der diesen Bericht erstellt hat, als er erstellt wurde (siehe Methode); die des Mitschnittrechners während des Mitschnitts wurde nicht geprüft.
limit-duplicates-counted = { $frames ->
    [one] 1 von {$looked-text} verglichenen Rahmen erscheint doppelt (Spiegelport); solche Rahmen sind wie alle anderen gezählt.
   *[other] {$frames-text} von {$looked-text} verglichenen Rahmen erscheinen doppelt (Spiegelport); solche Rahmen sind wie alle anderen gezählt.
 }
limit-duplicates-apart = { $frames ->
    [one] 1 Rahmen erscheint doppelt (Spiegelport); er ist getrennt gezählt, in keinem Fluss.
   *[other] {$frames-text} Rahmen erscheinen doppelt (Spiegelport); sie sind getrennt gezählt, in keinem Fluss.
 }
limit-orientation = { $flows ->
    [one] Bei 1 Fluss ist erschlossen, wer die Verbindung öffnete.
   *[other] Bei {$flows-text} Flüssen ist erschlossen, wer die Verbindung öffnete.
 }
limit-claimed = Ein Name ist die Angabe des Clients; er beweist den Server nicht.
limit-coalesced = { $flows ->
    [one] In 1 Fluss bot der Client HTTP/2 oder HTTP/3 an: eine Verbindung kann Anfragen an andere Hosts desselben Zertifikats tragen.
   *[other] In {$flows-text} Flüssen bot der Client HTTP/2 oder HTTP/3 an: eine Verbindung kann Anfragen an andere Hosts desselben Zertifikats tragen.
 }
limit-offload = { $flows ->
    [one] Der Mitschnittrechner fasste Rahmen zusammen (1 Fluss); Kopfdaten sind zu niedrig gezählt.
   *[other] Der Mitschnittrechner fasste Rahmen zusammen ({$flows-text} Flüsse); Kopfdaten sind zu niedrig gezählt.
 }
limit-aggregate = { $flows ->
    [one] Rahmen von 1 Fluss enthalten auch Pakete anderer Flüsse (A-MSDU); sie sind bei ihm gezählt und nicht gelesen.
   *[other] Rahmen von {$flows-text} Flüssen enthalten auch Pakete anderer Flüsse (A-MSDU); sie sind bei diesen gezählt und nicht gelesen.
 }
limit-bounds = { $hits ->
    [one] Eine Speichergrenze wurde 1-mal erreicht; deshalb kann ein Name fehlen.
   *[other] Eine Speichergrenze wurde {$hits-text}-mal erreicht; deshalb können Namen fehlen.
 }
limit-undecodable = { $frames ->
    [one] 1 Rahmen ließ sich nicht dekodieren; er ist in keinem Fluss.
   *[other] {$frames-text} Rahmen ließen sich nicht dekodieren; sie sind in keinem Fluss.
 }
limit-stale = { $days ->
    [one] Die Signaturen waren beim Erstellen 1 Tag alt; neuere Hosts fehlen darin.
   *[other] Die Signaturen waren beim Erstellen {$days-text} Tage alt; neuere Hosts fehlen darin.
 }
limit-legal = Dieser Bericht nennt Messungen. Er ist kein Rechtsgutachten.
report-caption-systems-accusing = Telemetrie, Analyse, Werbung, Umfragen, Fahrzeuge: beobachtete Mengen je System
report-caption-systems-operation = Systeme des Betriebs: Anmeldung, Aktualisierungen, Speicher und dergleichen; getrennt von der Tabelle darüber summiert
report-caption-untagged = Verkehr ohne Signatur
report-systems-lead = Beobachtet: Mengen, Flüsse, Zeiten. Abgeleitet: das System und sein Zweck, wie die Quellen in Klammern sie für den Host angeben. Mengen sind Oktette auf der Leitung, mit Kopfdaten und Verschlüsselung; sie begrenzen den Inhalt nach oben.
report-systems-none = In diesen Mitschnitten war keines zu sehen.
report-th-system = System und Zweck
report-th-category = Kategorie
report-th-sent = gesendet
report-th-received = empfangen
report-th-flows = Flüsse
report-th-seen = zuerst – zuletzt gesehen
report-th-grade = Grad
report-th-basis = Grundlage
report-th-source = Quelle
report-th-host = Host
report-th-clients = Clients
report-th-time = ab
report-th-group = Gruppe
report-th-frames = Rahmen
report-th-octets = Oktette
report-sum-category = Summe: {$category}
report-more = { $rows ->
    [one] und 1 weitere, in {$file}
   *[other] und {$rows-text} weitere, in {$file}
 }
report-amounts-rest = { $rows ->
    [one] 1 weitere Zeile
   *[other] {$rows-text} weitere Zeilen
 }
report-basis-name = vom Client genannt
report-basis-certificate = vom Zertifikat des Servers genannt
report-basis-dns = vom Client aufgelöst
report-basis-network = Adressbereich und Port
report-figure = Abbildung {$number}: {$title}
report-figure-bars = gesendete Oktette je System
report-figure-bars-alt = Balken der gesendeten Oktette je System; der längste Balken ist {$name} mit {$octets}. Die Tabelle der Systeme enthält jede Zahl.
report-figure-timeline = Oktette im Zeitverlauf, je Kategorie
report-figure-timeline-alt = Oktette im Zeitverlauf von {$from} bis {$to}, eine Spur je Kategorie, alle mit demselben linearen Maßstab; die höchste Säule enthält {$octets}. Die Tabelle unter der Abbildung enthält die Zahlen.
report-figure-scale = eine Säule: {$time}; die höchste: {$octets}; linearer Maßstab
report-figure-none = Es gibt nichts zu zeichnen: keine Oktette wurden gezählt.
report-timeline-lead = Beobachtet: Oktette beider Richtungen, je Kategorie. Alle Spuren haben denselben linearen Maßstab.
report-caption-timeline = Oktette beider Richtungen im Zeitverlauf, je Kategorie; eine Zeile: {$time}
report-markers = Markierungen
report-markers-none = Es wurde keine Markierung gesetzt.
report-marker-no-time = vor dem ersten Rahmen
report-untagged = ohne Signatur
report-hosts-lead = Beobachtet: dass ein Client den Host nannte oder auflöste, wann, und wie viel gesendet wurde. Die Begründung jedes Grades steht beim Host.
report-caption-hosts = Hosts von {$system}
report-screens-lead = Aus dem aufgezeichneten Zustand von den Anzeigeelementen des Terminalprogramms gezeichnet, nicht fotografiert.
report-screen-alt = Bildschirm des Terminalprogramms, Ansicht: {$view}. Seine Zahlen stehen in den Tabellen dieses Berichts und im Ordner tables.
report-method-lead = Ausgefüllt aus der Aufzeichnung des Laufs.
report-method-version = Programm
report-method-signatures = Signaturen
report-method-signatures-text = {$count-text} Signaturen, Stand {$date}
report-method-options = Optionen
report-method-options-none = wie ausgeliefert
report-method-filter = Filter
report-method-filter-none = keiner
report-method-machine = Rechner
report-method-machine-none = nicht aufgezeichnet (--record-host)
report-method-clock = Uhr
report-method-clock-none = nicht aufgezeichnet
report-method-clock-synchronized = des Rechners, der diesen Bericht erstellt hat: von systemd-timesyncd mit einem Zeitserver verglichen, zuletzt {$time}
report-method-clock-unknown = des Rechners, der diesen Bericht erstellt hat: unbekannt; systemd-timesyncd hat keinen Vergleich vermerkt
report-method-home = eigene Netze
report-method-session = Live-Sitzung
report-session-text = Von vigie live geschrieben: {$files}; begonnen {$begun} nach der Uhr des aufzeichnenden Rechners; Schnittstellen: {$interfaces}; behaltene Oktette je Frame: {$kept}; Mitschnittfilter: {$filter}; beim Mitschneiden verlorene Frames (Ring und Schnittstelle): {$drops}; Marken: {$markers}.
report-session-running = Sie lief noch: gelesen wurden die ersten {$octets} Oktette von {$capture}, und der Hash ist der ihre (head -c {$octets} {$capture} | sha256sum).
report-session-missing = Nicht gelesen, da --keep sie entfernt hat oder niemand sie angab: die Dateien {$files} der Sitzung.
report-session-filter-none = keiner
report-session-withheld = zurückgehalten, da es jemanden nennen kann
limit-capture-filter = Mitgeschnitten wurden nur Frames, die einen Mitschnittfilter passieren ({$filter}); die übrigen sind in keiner Zahl.
limit-capture-filter-more = { $filters ->
    [one] 1 weiterer Mitschnittfilter steht in record.json.
   *[other] {$filters-text} weitere Mitschnittfilter stehen in record.json.
 }
limit-only-tagged = { $captures ->
    [one] 1 Mitschnitt wurde beim Aufzeichnen minimiert: er enthält nur Frames zugeordneter Flüsse, sodass Anteile am gesamten Verkehr nicht anzugeben sind.
   *[other] {$captures-text} Mitschnitte wurden beim Aufzeichnen minimiert: sie enthalten nur Frames zugeordneter Flüsse, sodass Anteile am gesamten Verkehr nicht anzugeben sind.
 }
limit-session-missing = { $files ->
    [one] 1 Datei einer Live-Sitzung wurde nicht gelesen (siehe Methode): was sie enthielt, ist in keiner Zahl.
   *[other] {$files-text} Dateien von Live-Sitzungen wurden nicht gelesen (siehe Methode): was sie enthielten, ist in keiner Zahl.
 }
limit-session-running = Die Live-Sitzung lief noch: was später kam, ist in keiner Zahl.
report-method-naming = Ein Fluss wird nach dem benannt, was der Client sandte (SNI, Host, CONNECT, SOCKS), sonst nach dem Zertifikat des Servers, sonst nach dem, was der Client zur Adresse aufgelöst hatte. Adressen werden nie rückwärts aufgelöst, und nichts wird gesendet.
report-method-client = Client ist, wer das erste SYN sandte, sonst Hello oder Anfrage; war keines zu sehen, ist er erschlossen und unter Grenzen gezählt.
report-method-grades = Die Grade stammen aus dieser Tabelle. Ein Grad ist eine Stufe niedriger, wenn der Fluss nur in einer Richtung zu sehen war oder der Dienst eingestellt ist, und höchstens C, wenn die Namen eines Flusses zu verschiedenen Kategorien führen.
report-caption-captures = Gelesene Mitschnitte
report-caption-grades = Beweisgrade nach Grundlage und danach, was die Signatur stützt
report-caption-balance = Bilanz: jeder Rahmen ist einmal gezählt
report-th-capture = Mitschnitt
report-th-sha256 = SHA-256
report-th-from-to = erster – letzter Rahmen
report-th-interface = Schnittstelle
report-th-drops = verloren
report-drops-unknown = nicht angegeben
report-snaplen-all = alle
report-hash-none = nicht gebildet
report-grade-documented-dedicated = dokumentiert, dediziert
report-grade-middle = dokumentiert, geteilt; oder gemessen, dediziert
report-grade-weak = gemessen, geteilt; oder Gemeinschaft, dediziert
report-grade-community-shared = Gemeinschaft, geteilt
report-grade-row-name = vom Client gesandter Name
report-grade-row-certificate = Zertifikat des Servers
report-grade-row-certificate-ambiguous = Zertifikat mit mehreren Namen
report-grade-row-dns = DNS-Antwort an den Client
report-grade-row-dns-ambiguous = DNS-Antwort, mehrere Namen möglich
report-grade-row-network = Adressbereich und Port
report-balance-flows = in Flüssen
report-balance-not-ip = nicht IP (ARP und dergleichen)
report-balance-undecodable = nicht dekodierbar
report-balance-outside = außerhalb des gewählten Zeitraums
report-balance-duplicates = Kopien schon gezählter Rahmen
report-balance-read = gelesen
report-balance-holds = Die Teile sind gleich dem, was gelesen wurde.
report-balance-broken = Die Teile sind nicht gleich dem, was gelesen wurde: auf diesen Bericht ist kein Verlass.
report-protection-payload = In dieser Beweismappe sind keine Nutzdaten aufbewahrt, außer dem Teil eines Handshakes, der einen Fluss benennt, und DNS-Antworten, auf denen eine Grundlage beruht.
report-protection-capture = Der Mitschnitt in dieser Mappe ist minimiert: er enthält die Rahmen der zugeordneten Flüsse mit Angabe der ursprünglichen Längen, die Nutzdaten sind abgeschnitten.
report-protection-mask = Bildschirme sind maskiert: Clients sind nummeriert, in der Reihenfolge ihrer ersten Flüsse.
report-protection-mask-none = Bildschirme sind nicht maskiert: sie zeigen Adressen von Clients.
report-protection-pseudonyms = Adressen von Clients sind Pseudonyme (präfixerhaltend, mit Schlüssel). Der Schlüssel liegt nicht in dieser Mappe; wer ihn hat, kann feststellen, wem sie gehören.
report-protection-pseudonyms-none = Adressen von Clients stehen hier wie mitgeschnitten: sie können personenbezogene Daten sein. Vor der Weitergabe kann die Mappe mit --pseudonymize neu erstellt werden.
report-protection-tenants = Teile von Hostnamen, die einen Mandanten nennen (einen Arbeitgeber, eine Behörde), haben Pseudonyme gleicher Länge mit demselben Schlüssel, auch im Mitschnitt. Welche Teile zählen, steht in der Dokumentation; Namen außerhalb dieser Liste bleiben.
report-protection-domains = Hostnamen eigener Domänen, die beim Erstellen der Mappe genannt wurden, haben in jedem Teil vor dem öffentlichen Suffix Pseudonyme gleicher Länge mit demselben Schlüssel, auch im Mitschnitt.
report-protection-clients = { $clients ->
    [one] In dieser Mappe sind Daten von 1 Client.
   *[other] In dieser Mappe sind Daten von {$clients-text} Clients.
 }
report-protection-retention = Aufbewahrung: von der für die Messung verantwortlichen Stelle festzulegen; bag-info.txt hat ein Feld dafür.
report-protection-context = Zusammenhang, keine Feststellung: in Frankreich Code du travail L1121-1, L1222-4, L2312-38, L2315-94 und DSGVO Art. 13, 35; in Deutschland BetrVG § 80, § 87 Abs. 1 Nr. 6 und DSGVO Art. 35; in der EU für Fahrzeugdaten die Datenverordnung (Data Act).
report-check-lead = Vertrauen in das Programm, das diese Mappe erstellte, ist nicht nötig. CHECK.txt neben diesem Bericht enthält dieselben Schritte mit den erwarteten Zahlen.
report-check-hashes = Im Ordner der Beweismappe prüfen, dass keine Datei verändert wurde:
report-check-seal = Ist die Mappe signiert, das Siegel prüfen (IDENTITY steht in allowed_signers):
report-check-recount = Die Rahmen des Mitschnitts der Mappe mit einem anderen Programm zählen: es müssen so viele sein wie beide Spalten mit Rahmen unten zusammen; CHECK.txt tut dasselbe mit Oktetten und je Host:
report-check-original = Die SHA-256-Prüfsumme der ursprünglichen Mitschnitte mit der Tabelle unter Methode vergleichen:
report-check-tables = Jede Zahl dieses Berichts steht im Ordner tables, als CSV.
report-check-recountable = Zahlen zugeordneter Flüsse lassen sich aus capture/tagged.pcapng nachzählen; Summen des übrigen Verkehrs brauchen die ursprünglichen Mitschnitte.
report-sources-lead = Nur Signaturen, die zutrafen. Zwecke und Aussagen der Quellen sind aus der Signaturdatenbank zitiert, die auf Englisch geschrieben ist.
report-sources-none = Keine Signatur traf zu.
report-source-hosts = Hostmuster
report-source-networks = Adressbereiche und Ports
report-source-support = Stütze
report-source-notes = Anmerkungen
report-support-dedicated = dediziert: die Hosts dienen nur diesem Zweck
report-support-shared = geteilt: die Hosts dienen auch anderen Zwecken
report-support-documented = vom Hersteller dokumentiert
report-support-measured = durch eine veröffentlichte Messung gezeigt
report-support-community = Wissen der Gemeinschaft
glossary-flow = Fluss
glossary-flow-text = Alle Rahmen zwischen denselben zwei Adressen und Ports eines Protokolls, bis Stille oder ein neuer Anfang ihn beendet.
glossary-client = Client
glossary-client-text = Wer einen Fluss öffnete: hier in der Regel ein Gerät des beobachteten Netzes.
glossary-octet = Oktett
glossary-octet-text = Acht Bit. 1 kB sind 1.000 Oktette. Gezählt auf der Leitung, mit Kopfdaten.
glossary-host = Hostname
glossary-host-text = Der Name, unter dem ein Client einen Server erreichte. Ein Rechner kann viele haben, und ein Name viele Rechner.
glossary-signature = Signatur (eines Systems)
glossary-signature-text = Eine Liste von Hostnamen oder Adressbereichen, die zu einem System gehören, mit Zweck und Quelle.
glossary-basis = Grundlage
glossary-basis-text = Worauf die Zuordnung eines Flusses zu einer Signatur beruht: Name, Zertifikat, DNS-Antwort oder Adressbereich.
glossary-grade = Beweisgrad
glossary-grade-text = A bis D: wie fest eine Zuordnung gestützt ist, nach Grundlage und Quelle. A ist der stärkste, D ein Hinweis. Über den Inhalt sagt er nichts.
glossary-dedicated = dedizierter, geteilter Host
glossary-dedicated-text = Ein dedizierter Host dient nur dem Zweck seiner Signatur, ein geteilter auch anderen.
glossary-observed = beobachtet, abgeleitet
glossary-observed-text = Beobachtet ist, was in den mitgeschnittenen Rahmen steht; abgeleitet ist, was mit Hilfe einer genannten Quelle daraus folgt.
glossary-telemetry = Telemetrie, Diagnosedaten
glossary-telemetry-text = Daten, die ein Programm oder Gerät über seinen Zustand und Gebrauch an seinen Hersteller sendet.
glossary-analytics = Arbeitsplatzanalyse
glossary-analytics-text = Systeme, die aus Post, Kalender, Anrufen oder Dokumenten Kennzahlen über die Arbeit bilden.
glossary-vehicle = vernetztes Fahrzeug
glossary-vehicle-text = Ein Fahrzeug oder seine App, die mit dem Hersteller Daten austauschen.
glossary-capture = Mitschnitt
glossary-capture-text = Eine Datei mit Rahmen, wie sie eine Netzschnittstelle passierten, jeder mit Zeit und Länge.
glossary-ech = verschlüsselter Name (ECH)
glossary-ech-text = Encrypted ClientHello verbirgt den Namen eines Servers vor dem Netz; sichtbar ist nur ein Platzhalter.
glossary-checksum = Prüfsumme, Manifest
glossary-checksum-text = Eine SHA-256-Summe ändert sich, sobald sich ein Bit einer Datei ändert. Das Manifest führt die Summen aller Dateien auf.
glossary-seal = elektronische Signatur, Siegel
glossary-seal-text = Zeigt, dass der Inhaber eines Schlüssels das Manifest gesiegelt hat und es seitdem unverändert ist.
glossary-pseudonym = Pseudonym
glossary-pseudonym-text = Ein Platzhalter für eine Adresse oder einen Namen; nur wer den Schlüssel hat, kann ihn auflösen.
glossary-marker = Markierung
glossary-marker-text = Eine Notiz mit Zeit, die jemand während des Mitschneidens setzte.
limit-proxy = { $flows ->
    [one] 1 Fluss führt zu einem Proxy oder kommt von einem: die Adresse des Servers ist nicht das Ende.
   *[other] {$flows-text} Flüsse führen zu einem Proxy oder kommen von einem: die Adresse des Servers ist nicht das Ende.
 }
limit-filter = In den Tabellen nach System, Host und Client stehen nur Flüsse, für die dies zutrifft: {$filter}.
limit-window = Gezählt sind nur Rahmen von {$from} bis {$to} (UTC); {$frames} Rahmen liegen außerhalb.
limit-interrupted = Der Lauf wurde vorzeitig beendet: spätere Rahmen sind nicht in den Zahlen.
limit-capture-lost = { $frames ->
    [one] 1 Rahmen zugeordneter Flüsse fand im Mitschnitt der Mappe keinen Platz: beim Nachzählen fehlt er.
   *[other] {$frames-text} Rahmen zugeordneter Flüsse fanden im Mitschnitt der Mappe keinen Platz: beim Nachzählen fehlen sie.
 }
report-answer-not-shown = Nicht gezeigt: was gesendet wurde, denn der Inhalt wurde nicht gelesen; wer ein Gerät benutzte; was ein Empfänger mit dem Empfangenen tut. Ein System, das nicht erscheint, wurde in diesen Mitschnitten nicht erkannt; das zeigt nicht, dass ihm nichts gesendet wurde.
report-observed = beobachtet
report-inferred = abgeleitet
report-behind-tagged = Dahinter: {$file}. Lässt sich aus den Mitschnitten dieser Mappe nachzählen.
report-behind-original = Dahinter: {$file}. Zum Nachzählen sind die ursprünglichen Mitschnitte nötig.
report-caption-hashes = SHA-256 der gelesenen Mitschnitte
report-caption-tagged-captures = Mitschnitte in dieser Mappe: die erwarteten Zahlen
report-caption-unnamed = Oktette ohne Namen nach Ursache, über alle Flüsse
report-figure-filled = gefüllt: Telemetrie, Analyse, Werbung, Umfragen, Fahrzeuge
report-figure-hatched = schraffiert: Systeme des Betriebs
report-grade-flow = von einzelnen Flüssen weniger zu sehen war (nur eine Richtung, mehrere mögliche Namen oder Namen verschiedener Kategorien; flows.csv sagt, von welchen)
report-host-unnamed = ohne Namen: {$why}
report-hosts-dedicated = dedizierte Hosts
report-hosts-shared = geteilte Hosts
report-interface = {$name}; behaltene Oktette je Rahmen: {$octets}
report-screen-text = dasselbe als Text
report-view-detail = ein Fluss im Einzelnen
report-th-answers = Rahmen mit DNS-Antworten daneben
report-th-cause = warum es keinen Namen gibt
report-th-frames-tagged = Rahmen zugeordneter Flüsse
report-th-kept = behaltene Oktette
report-th-overwritten = davon überschrieben
report-th-purpose = Zweck
report-th-servers = Server
report-th-via = gesehen in
report-system = System
report-places = Wo die Adressen der Server eingetragen sind
report-places-lead = Nach den Dateien, die angegeben wurden und die niemand geprüft hat: {$caveat}.
report-caption-places = Zugeordnete Flüsse nach Land und Netz der Serveradresse
report-places-unknown = nicht in der Datei
report-places-more = {$rows} weitere Zeilen sind nicht gezeigt
report-makers = Hersteller der Client-Hardware
report-caption-makers = Zugeordnete Flüsse nach Hersteller der Client-Hardware
