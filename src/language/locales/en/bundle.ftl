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
