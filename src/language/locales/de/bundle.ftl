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
