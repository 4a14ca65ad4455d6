# Was in einer Beweismappe neben dem Bericht steht, und was ihre Prüfung sagt.
bag-retention-open = vom Verantwortlichen festzulegen
check-intro =
    Wie diese Beweismappe ohne das Programm geprüft wird, das sie gemacht hat.
    Diese Datei so ausführen, wie sie ist, im Ordner mit bagit.txt:  sh data/CHECK.txt
    oder Zeile für Zeile. Nötig sind sha256sum, ssh-keygen, capinfos, tshark, awk und sort.
    Zeilen, die mit „=“ beginnen, sind die erwarteten Zahlen.
check-files =
    1. Keine Datei hat sich verändert, seit die Manifeste geschrieben wurden.
    Für beide erscheint OK; eine veränderte Datei wird genannt.
check-unsealed =
    2. Diese Mappe ist nicht versiegelt: Die Manifeste zeigen, dass die Dateien zusammengehören, nicht, wer sie gemacht hat.
check-seal =
    2. Das Siegel: Wer den Schlüssel hat, hat die Manifeste versiegelt, und sie sind seither unverändert.
    Den Fingerabdruck mit einem auf anderem Weg erhaltenen vergleichen, denn wer das Siegel
    ersetzt, kann auch allowed_signers ersetzen:
      = {$identity}  {$fingerprint}
check-no-capture =
    3. In dieser Mappe ist kein Mitschnitt: Kein Fluss hat eine Signatur.
check-captures =
    3. Die Mitschnitte in dieser Mappe: Rahmen, und ihre Oktette auf der Leitung.
    Nutzdaten sind abgeschnitten, ursprüngliche Längen sind erhalten. Dieselben Zahlen stehen in
    data/tables/tagged_captures.csv.
check-server-names =
    4. Rahmen und Oktette nach dem Servernamen, den der Client sandte (TLS, QUIC), gezählt von tshark:
    von jeder Verbindung, in der ein Name steht, alle Rahmen. Dieselben Zahlen stehen in
    data/tables/server_names.csv.
check-originals =
    5. Die gelesenen Mitschnitte mit ihrem SHA-256. Wer sie hat, kann vergleichen:  sha256sum DATEI
check-more =
    6. Jede Zahl des Berichts steht in data/tables. Die letzte Spalte jeder Zeile sagt, woraus sie
    wieder gezählt werden kann: „tagged“ aus data/capture, „original“ aus den Mitschnitten oben.
    vigie selbst zählt alles nach:  vigie verify ORDNER --original MITSCHNITT…
verify-holds = Stimmt:
verify-does-not-hold = Stimmt nicht:
verify-not-checked = Nicht geprüft:
verify-verdict-holds = Alles, was geprüft wurde, stimmt.
verify-verdict-broken = { $findings ->
    [one] 1 Prüfung ist gescheitert: Auf diese Mappe ist kein Verlass.
   *[other] {$findings-text} Prüfungen sind gescheitert: Auf diese Mappe ist kein Verlass.
 }
verify-more = und {$more-text} weitere dieser Art
verify-files-hold = Alle {$files-text} Dateien sind da, unverändert seit die Manifeste geschrieben wurden, und keine andere.
verify-no-file = {$file} ist ein Link oder sonst keine Datei.
verify-declaration = bagit.txt sagt nicht, was es in einer Beweismappe sagt (BagIt 1.0, UTF-8).
verify-line = Diese Zeile eines Manifests ist nicht lesbar: {$line}
verify-missing = {$file} fehlt.
verify-added = {$file} wurde hinzugefügt: Kein Manifest nennt es.
verify-changed = {$file} hat sich verändert, seit die Manifeste geschrieben wurden.
verify-misplaced = {$file} steht im falschen Manifest.
verify-unlisted = {$file} steht in keinem Manifest.
verify-oxum = bag-info.txt nennt einen Inhalt von {$stated} (Oktette.Dateien), da sind {$there}.
verify-unsealed = Die Mappe ist nicht versiegelt: Nichts zeigt, wer sie gemacht hat, noch dass die Manifeste die ersten sind.
verify-seal-missing = Die Mappe war versiegelt, aber die Signatur fehlt.
verify-seal-unreadable = Die Signatur ist nicht lesbar.
verify-seal-namespace = Die Signatur wurde für {$namespace} gemacht, nicht um eine Mappe zu versiegeln.
verify-seal-wrong = Die Signatur gehört nicht zu diesen Manifesten: Sie wurden nach dem Versiegeln neu geschrieben, oder die Signatur wurde ersetzt.
verify-seal-stranger = Die Mappe ist mit dem Schlüssel {$fingerprint} versiegelt, den allowed_signers nicht hat.
verify-seal-holds = Versiegelt von {$identity} mit dem Schlüssel {$fingerprint}, und seither unverändert.
verify-seal-whose = Ob der Schlüssel {$fingerprint} dem gehört, der es sagt: mit einem auf anderem Weg erhaltenen vergleichen, oder --signers DATEI angeben.
verify-record = data/record.json ist nicht lesbar: Nichts kann nachgezählt werden.
verify-version = Die Mappe wurde von vigie {$made} gemacht und von {$now} geprüft: Andere Zahlen können daher kommen.
verify-signatures = Die Signaturen in data/signatures sind nicht lesbar: Nichts kann nachgezählt werden.
verify-capture-missing = Der Mitschnitt data/capture/{$file} fehlt: Nichts kann nachgezählt werden.
verify-capture-damaged = Der Mitschnitt data/capture/{$file} ist beschädigt.
verify-recount = Die Mitschnitte der Mappe konnten nicht nachgezählt werden: {$why}
verify-table-missing = Die Tabelle {$table} fehlt oder ist nicht lesbar.
verify-table-header = Die Tabelle {$table} hat andere Spalten.
verify-table-holds = { $rows ->
    [one] {$table}: 1 Zeile wurde nachgezählt und stimmt.
   *[other] {$table}: {$rows-text} Zeilen wurden nachgezählt und stimmen.
 }
verify-row = Diese Zeile sagt anderes als die Mitschnitte: {$row}
verify-row-missing = Diese Zeile fehlt: {$row}
verify-rows-unlike = { $rows ->
    [one] {$table}: 1 Zeile zu getaggten Flüssen lässt sich aus den Mitschnitten der Mappe nicht nachzählen, wie das Protokoll sagt; nötig sind die ursprünglichen Mitschnitte.
   *[other] {$table}: {$rows-text} Zeilen zu getaggten Flüssen lassen sich aus den Mitschnitten der Mappe nicht nachzählen, wie das Protokoll sagt; nötig sind die ursprünglichen Mitschnitte.
 }
verify-no-original = { $rows ->
    [one] 1 Zeile zu anderem Verkehr („original“): die Mitschnitte mit --original angeben.
   *[other] {$rows-text} Zeilen zu anderem Verkehr („original“): die Mitschnitte mit --original angeben.
 }
verify-original-holds = {$capture} ist einer der gelesenen Mitschnitte.
verify-original-missing = Der Mitschnitt {$capture} wurde nicht angegeben: Zeilen mit „original“ wurden nicht nachgezählt.
verify-original-other = {$capture} ist keiner der gelesenen Mitschnitte: Sein SHA-256 ist ein anderer.
verify-original-unreadable = {$capture} konnte nicht gelesen werden: {$why}
verify-original-log = Namen des Berichts kommen aus dem Protokoll eines Resolvers (--dns-log), das nicht in der Mappe ist: Von den ursprünglichen Mitschnitten wurden nur die Bilanz und die Mitschnitte selbst nachgezählt, nicht, was von Namen abhängt.
verify-original-pseudonyms = Adressen sind Pseudonyme: Tabellen nach Adresse wurden nicht mit den ursprünglichen Mitschnitten verglichen.
verify-original-tenants = Namen von Mandanten oder eigenen Domänen sind Pseudonyme: Tabellen nach Namen wurden nicht mit den ursprünglichen Mitschnitten verglichen.
verify-original-home = Heimnetze sind Pseudonyme wie die Adressen darin; deshalb sagen die ursprünglichen Mitschnitte nicht noch einmal, wer Client war: verglichen wurden nur die Bilanz und die Mitschnitte selbst.
verify-stated-holds = Was record.json angibt, stimmt mit den Tabellen, Signaturen und Dateien der Mappe überein.
verify-stated = Das stimmt nicht mit dem Rest der Mappe überein: {$what}
verify-stated-only = Was kein Mitschnitt zeigt: Verfasser, Vorgang, Frage und Datum, der Rechner und seine Uhr, welche Dateien Optionen nannten, wo mitgeschnitten wurde. Wer die Mappe gemacht hat, gibt es an.
verify-stated-originals-hold = Was record.json von den Original-Mitschnitten angibt (Schnittstellen, Zeiten, Verluste, Schäden, Kommentare, Markierungen, Grenzen), geben sie her.
verify-stated-originals = Die Original-Mitschnitte ergeben anderes: {$what}
verify-signatures-shipped = Die verwendeten Signaturen, ihre Zahl und ihr Datum sind die dieses vigie.
verify-signatures-other = Das ist anders als in diesem vigie, und record.json nennt keine eigenen Signaturen: {$what}
verify-signatures-own = Eigene Signaturen galten: wie viele und von wann, ist nur angegeben.
verify-pseudonyms-none = record.json sagt, dass Clients Pseudonyme haben, aber data/tables/clients.csv hat ihre eigenen Adressen.
verify-tenants-none = record.json sagt, dass Mandanten Pseudonyme haben, aber data/tables/names.csv nennt diesen: {$name}
verify-figures-hold = { $files ->
    [one] 1 Abbildung wurde neu gezeichnet und ist dieselbe.
   *[other] {$files-text} Abbildungen wurden neu gezeichnet und sind dieselben.
 }
verify-figure = {$file} zeigt anderes, als gezählt wurde.
verify-figures-unlike = Abbildungen: manche Zeilen über markierte Flows lassen sich aus den Mitschnitten der Mappe nicht nachzählen, wie das Protokoll sagt; deshalb wurden sie nicht neu gezeichnet.
verify-check-holds = data/CHECK.txt wurde neu geschrieben und ist dieselbe.
verify-check = data/CHECK.txt ist nicht, was vigie zu dieser Mappe schreibt: lesen Sie sie, bevor Sie sie ausführen.
verify-page-holds = Diese Teile von data/report.html wurden aus dem Gezählten neu geschrieben und sind dieselben: {$parts}
verify-page = Dieser Teil von data/report.html sagt anderes, als gezählt wurde: {$part}
verify-page-parts = data/report.html hat andere Teile als ein Bericht von vigie.
verify-page-original = Diese Teile von data/report.html sprechen auch von anderem Verkehr oder von dem, was nicht in der Mappe ist; sie sind mit dem Rest besiegelt, wurden aber ohne die Original-Mitschnitte nicht neu geschrieben: {$parts}
verify-page-left = Diese Teile von data/report.html lassen sich aus dem, was hier ist, nicht neu schreiben; sie sind mit dem Rest besiegelt: {$parts}
verify-pages-version = Bericht, Abbildungen, CHECK.txt und bag-info.txt: vigie {$made} hat sie geschrieben, und nur dieses kann sie neu schreiben. Sie sind mit dem Rest besiegelt.
verify-pages-zone = Bericht, Abbildungen, CHECK.txt und bag-info.txt: Datum, Sprache oder Zone ({$zone}) ist hier nicht bekannt; deshalb wurden sie nicht neu geschrieben. Sie sind mit dem Rest besiegelt.
verify-screens = { $files ->
    [one] 1 Bild des Terminals (data/screens): es wurde nicht neu gezeichnet.
   *[other] {$files-text} Bilder des Terminals (data/screens): sie wurden nicht neu gezeichnet.
 }
