# What stands in a bundle beside the report, and what checking it says, in English.
bag-retention-open = to be set by whoever is responsible
check-intro =
    How to check this bundle without the program that made it.
    Run this file as it is, in the folder that holds bagit.txt:  sh data/CHECK.txt
    or line by line. It needs sha256sum, ssh-keygen, capinfos, tshark, awk and sort.
    Lines that begin with "=" are the numbers to expect.
check-files =
    1. No file has changed since the manifests were written.
    It prints OK for both; a file that has changed is named.
check-unsealed =
    2. This bundle is not sealed: the manifests show that files fit together, not who made them.
check-seal =
    2. The seal: who holds the key has sealed the manifests, and they have not changed since.
    Compare the fingerprint with one that you were given in another way, since who replaces the
    seal can replace allowed_signers, too:
      = {$identity}  {$fingerprint}
check-no-capture =
    3. There is no capture in this bundle: no flow has a signature.
check-captures =
    3. The captures in this bundle: frames, and their octets on the wire.
    Payload is cut off, original lengths are kept. The same numbers stand in
    data/tables/tagged_captures.csv.
check-server-names =
    4. Frames and octets by the server name that the client sent (TLS, QUIC), counted by tshark:
    of every stream in which a name stands, all frames. The same numbers stand in
    data/tables/server_names.csv.
check-originals =
    5. The captures that were read, with their SHA-256. Who has them can compare:  sha256sum FILE
check-more =
    6. Every number of the report stands in data/tables. The last column of each row says how it
    can be counted again: "tagged" from data/capture, "original" from the captures above.
    vigie itself counts all of it again:  vigie verify FOLDER --original CAPTURE…
verify-holds = Holds:
verify-does-not-hold = Does not hold:
verify-not-checked = Not checked:
verify-verdict-holds = Everything that was checked holds.
verify-verdict-broken = { $findings ->
    [one] 1 check does not hold: do not rely on this bundle.
   *[other] {$findings-text} checks do not hold: do not rely on this bundle.
 }
verify-more = and {$more-text} more of this kind
verify-files-hold = All {$files-text} files are there, unchanged since the manifests were written, and no other.
verify-no-file = {$file} is a link or something else that is no file.
verify-declaration = bagit.txt does not say what it says in a bundle (BagIt 1.0, UTF-8).
verify-line = This line of a manifest cannot be read: {$line}
verify-missing = {$file} is missing.
verify-added = {$file} was added: no manifest lists it.
verify-changed = {$file} has changed since the manifests were written.
verify-misplaced = {$file} stands in the wrong manifest.
verify-unlisted = {$file} is in no manifest.
verify-oxum = bag-info.txt states a payload of {$stated} (octets.files), there is {$there}.
verify-unsealed = The bundle is not sealed: who made it is not shown, nor that the manifests are the first ones.
verify-seal-missing = The bundle was sealed, but the signature is missing.
verify-seal-unreadable = The signature cannot be read.
verify-seal-namespace = The signature was made for {$namespace}, not to seal a bundle.
verify-seal-wrong = The signature does not belong to these manifests: they were written anew after the bundle was sealed, or the signature was replaced.
verify-seal-stranger = The bundle is sealed with the key {$fingerprint}, which allowed_signers does not have.
verify-seal-holds = Sealed by {$identity} with the key {$fingerprint}, and unchanged since.
verify-seal-whose = Whether the key {$fingerprint} is the one of who says so: compare it with one that you were given in another way, or give --signers FILE.
verify-record = data/record.json cannot be read: nothing can be counted again.
verify-version = The bundle was made by vigie {$made}, and checked by {$now}: where counts differ, this may be why.
verify-signatures = The signatures in data/signatures cannot be read: nothing can be counted again.
verify-capture-missing = The capture data/capture/{$file} is missing: nothing can be counted again.
verify-capture-damaged = The capture data/capture/{$file} is damaged.
verify-recount = The captures in the bundle could not be counted again: {$why}
verify-table-missing = The table {$table} is missing or cannot be read.
verify-table-header = The table {$table} has other columns.
verify-table-holds = { $rows ->
    [one] {$table}: 1 row was counted again and is the same.
   *[other] {$table}: {$rows-text} rows were counted again and are the same.
 }
verify-row = This row says other than the captures: {$row}
verify-row-missing = This row is missing: {$row}
verify-rows-unlike = { $rows ->
    [one] {$table}: 1 row on tagged flows cannot be counted again from the bundle’s captures, as the record says; the original captures are needed.
   *[other] {$table}: {$rows-text} rows on tagged flows cannot be counted again from the bundle’s captures, as the record says; the original captures are needed.
 }
verify-no-original = { $rows ->
    [one] 1 row on other traffic (marked original): give the captures with --original.
   *[other] {$rows-text} rows on other traffic (marked original): give the captures with --original.
 }
verify-original-holds = {$capture} is one of the captures that were read.
verify-original-missing = The capture {$capture} was not given: rows marked original were not counted again.
verify-original-other = {$capture} is none of the captures that were read: its SHA-256 is another.
verify-original-unreadable = {$capture} could not be read: {$why}
verify-original-log = Names of the report come from a resolver’s log (--dns-log), which is not in the bundle: of the original captures only the balance and the captures themselves were counted again, not what depends on names.
verify-original-pseudonyms = Addresses are pseudonyms: tables by address were not compared with the original captures.
verify-original-tenants = Names of tenants or of domains of one’s own are pseudonyms: tables by name were not compared with the original captures.
verify-original-home = Home networks are pseudonyms like the addresses in them, so that the original captures do not tell again who was client: of these, only the balance and the captures themselves were compared.
verify-stated-holds = What record.json states agrees with the tables, the signatures and the files of the bundle.
verify-stated = This does not agree with the rest of the bundle: {$what}
verify-stated-only = What nothing in a capture shows: author, case, question and date, the machine and its clock, which files options named, where the captures were made. Whoever made the bundle states it.
verify-stated-originals-hold = What record.json states of the original captures (interfaces, times, drops, damage, comments, markers, bounds) is what they give.
verify-stated-originals = The original captures give another: {$what}
verify-signatures-shipped = The signatures used, their number and their date are those of this vigie.
verify-signatures-other = This is other than in this vigie, and record.json names no signatures of one’s own: {$what}
verify-signatures-own = Signatures of one’s own were in force: how many and of which date is only stated.
verify-pseudonyms-none = record.json says that clients have pseudonyms, but data/tables/clients.csv has their own addresses.
verify-tenants-none = record.json says that tenants have pseudonyms, but data/tables/names.csv names this one: {$name}
verify-figures-hold = { $files ->
    [one] 1 figure was drawn again and is the same.
   *[other] {$files-text} figures were drawn again and are the same.
 }
verify-figure = {$file} shows other than what was counted.
verify-figures-unlike = Figures: some rows on tagged flows cannot be counted again from the bundle’s captures, as the record says, so they were not drawn again.
verify-check-holds = data/CHECK.txt was written again and is the same.
verify-check = data/CHECK.txt is not what vigie writes of this bundle: read it before you run it.
verify-page-holds = These parts of data/report.html were written again from what was counted, and are the same: {$parts}
verify-page = This part of data/report.html says other than what was counted: {$part}
verify-page-parts = data/report.html has other parts than a report of vigie’s.
verify-page-original = These parts of data/report.html speak of other traffic, too, or of what is not in the bundle; they are sealed with the rest, but were not written again without the original captures: {$parts}
verify-page-left = These parts of data/report.html cannot be written again from what is here; they are sealed with the rest: {$parts}
verify-pages-version = Report, figures, CHECK.txt and bag-info.txt: vigie {$made} wrote them, and only it can write them again. They are sealed with the rest.
verify-pages-zone = Report, figures, CHECK.txt and bag-info.txt: date, language or zone ({$zone}) is not known here, so they were not written again. They are sealed with the rest.
verify-screens = { $files ->
    [one] 1 picture of the terminal (data/screens): it was not drawn again.
   *[other] {$files-text} pictures of the terminal (data/screens): they were not drawn again.
 }
