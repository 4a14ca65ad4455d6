# The texts of the evidence report in English.
report-kind = Evidence report on observed network traffic
report-case = case
report-author = author
report-date = date of the report
report-captures = captures
report-period = observed period
report-period-text = {$from} to {$to} ({$duration})
report-period-none = none: the captures hold no frame with a time
report-zone = time zone
report-zone-text = {$zone}, at the start of the period UTC{$offset}; in UTC the period is {$from} to {$to}
report-made = made by
report-not-given = not given
report-contents = Contents
report-section-question = Question
report-section-answer = Answer
report-section-limits = Limits
report-section-systems = Systems
report-section-timeline = Timeline
report-section-hosts = Details by host
report-section-screens = Screens of the terminal
report-section-method = Method
report-section-protection = Data protection
report-section-check = How to check this report
report-section-sources = Signatures and their sources
report-section-glossary = Glossary
report-question-default = Which systems with a documented purpose did the devices in these captures talk to, and how much did they send to them?
report-answer-observed = Observed: in {$duration}, {$some-text} of {$clients} clients had {$flows-text} flows with hosts of telemetry, analytics, advertising, survey or vehicle systems, and sent {$octets} ({$exact} octets) to them.
report-answer-none = Observed: in {$duration}, no flow of the {$clients-text} clients with a host of a known telemetry, analytics, advertising, survey or vehicle system was seen in these captures. What can hide one stands under Limits.
report-answer-categories = By category, sent: {$list}.
report-answer-grades = By evidence grade (A is the strongest, D an indication), sent: {$list}.
report-answer-inferred = Inferred: what a host is for is taken from the sources cited with its signature, not from the content, which was not read.
report-answer-inferred-none = Inferred: nothing. Which hosts belong to such systems is taken from signatures with cited sources; a host that no signature lists stays without a purpose.
report-answer-apart = Counted apart and in no sum above: {$operation} sent to systems of operation (sign-in, updates, storage and the like), {$untagged} to hosts without a signature; {$unnamed} of all octets have no name.
report-pair = {$name} {$octets}
report-limits-lead = These hold for every number below. Each is stated because its condition was met in this data.
limit-encrypted = Content was not read, and most of it is encrypted; only who, when and how much is visible.
limit-server-side = Analyses computed in the provider’s cloud leave no trace on this network.
limit-shared-host = Some hosts serve several purposes; their volume is not all telemetry: {$octets} of the octets sent went to such hosts.
limit-unnamed = {$share} of the octets ({$octets}) could not be given a name.
limit-ech = { $flows ->
    [one] Encrypted ClientHello hid the true name of 1 flow.
   *[other] Encrypted ClientHello hid the true name of {$flows-text} flows.
 }
limit-encrypted-dns = { $flows ->
    [one] Encrypted DNS was in use (1 flow); names from DNS are incomplete.
   *[other] Encrypted DNS was in use ({$flows-text} flows); names from DNS are incomplete.
 }
limit-drops = { $frames ->
    [one] 1 frame was lost while capturing.
   *[other] {$frames-text} frames were lost while capturing.
 }
limit-drops-unknown = { $captures ->
    [one] 1 capture does not say whether frames were lost while capturing.
   *[other] {$captures-text} captures do not say whether frames were lost while capturing.
 }
limit-damage = The capture {$capture} is damaged at frame {$frame}, octet {$offset}; what follows may be missing.
limit-damage-more = { $places ->
    [one] 1 further damaged place stands in record.json.
   *[other] {$places-text} further damaged places stand in record.json.
 }
limit-not-read = The capture {$capture} could not be read; nothing of it is counted.
limit-not-read-more = { $captures ->
    [one] 1 further capture could not be read.
   *[other] {$captures-text} further captures could not be read.
 }
limit-one-sided = { $flows ->
    [one] 1 flow was seen in one direction only.
   *[other] {$flows-text} flows were seen in one direction only.
 }
limit-midstream = { $flows ->
    [one] 1 connection without a name began before the capture.
   *[other] {$flows-text} connections without a name began before the capture.
 }
limit-vpn = A tunnel carried {$octets}; what is inside is unknown.
limit-cellular = A vehicle’s own mobile link does not pass through this network.
limit-brokers = Transfers between companies’ servers cannot be seen here.
limit-clock = The clock of the capturing machine was not checked.
limit-clock-host = The clock was looked at on the machine that made this report, when it was made (see Method); that of the capturing machine, while it captured, was not checked.
limit-duplicates-counted = { $frames ->
    [one] 1 of {$looked-text} frames that were compared appears twice (mirror port); such frames are counted as any other.
   *[other] {$frames-text} of {$looked-text} frames that were compared appear twice (mirror port); such frames are counted as any other.
 }
limit-duplicates-apart = { $frames ->
    [one] 1 frame appears twice (mirror port); it is counted apart, in no flow.
   *[other] {$frames-text} frames appear twice (mirror port); they are counted apart, in no flow.
 }
limit-orientation = { $flows ->
    [one] For 1 flow it was inferred who opened the connection.
   *[other] For {$flows-text} flows it was inferred who opened the connection.
 }
limit-claimed = A name is what the client stated; the server behind it is not proven by it.
limit-coalesced = { $flows ->
    [one] In 1 flow the client offered HTTP/2 or HTTP/3: one connection may carry requests to other hosts of the same certificate.
   *[other] In {$flows-text} flows the client offered HTTP/2 or HTTP/3: one connection may carry requests to other hosts of the same certificate.
 }
limit-offload = { $flows ->
    [one] The capturing machine merged frames (1 flow); header octets are undercounted.
   *[other] The capturing machine merged frames ({$flows-text} flows); header octets are undercounted.
 }
limit-aggregate = { $flows ->
    [one] Frames of 1 flow hold packets of other flows, too (A-MSDU); these are counted with it and not read.
   *[other] Frames of {$flows-text} flows hold packets of other flows, too (A-MSDU); these are counted with them and not read.
 }
limit-bounds = { $hits ->
    [one] A bound of memory was hit 1 time; a name may be missing because of it.
   *[other] A bound of memory was hit {$hits-text} times; names may be missing because of it.
 }
limit-undecodable = { $frames ->
    [one] 1 frame could not be decoded; it is in no flow.
   *[other] {$frames-text} frames could not be decoded; they are in no flow.
 }
limit-stale = { $days ->
    [one] The signatures were 1 day old when the report was made; newer hosts are not in them.
   *[other] The signatures were {$days-text} days old when the report was made; newer hosts are not in them.
 }
limit-legal = This report states measurements. It is no legal opinion.
report-caption-systems-accusing = Telemetry, analytics, advertising, surveys, vehicles: observed amounts by system
report-caption-systems-operation = Systems of operation: sign-in, updates, storage and the like; summed apart from the table above
report-caption-untagged = Traffic without a signature
report-systems-lead = Observed: amounts, flows, times. Inferred: the system and its purpose, as the sources in brackets give them for the host. Amounts are octets on the wire, headers and encryption included; they bound the content from above.
report-systems-none = None was seen in these captures.
report-th-system = system and purpose
report-th-category = category
report-th-sent = sent
report-th-received = received
report-th-flows = flows
report-th-seen = first – last seen
report-th-grade = grade
report-th-basis = basis
report-th-source = source
report-th-host = host
report-th-clients = clients
report-th-time = from
report-th-group = group
report-th-frames = frames
report-th-octets = octets
report-sum-category = Sum: {$category}
report-more = { $rows ->
    [one] and 1 more, in {$file}
   *[other] and {$rows-text} more, in {$file}
 }
report-amounts-rest = { $rows ->
    [one] 1 further row
   *[other] {$rows-text} further rows
 }
report-basis-name = named by the client
report-basis-certificate = named by the server’s certificate
report-basis-dns = resolved by the client
report-basis-network = address range and port
report-figure = Figure {$number}: {$title}
report-figure-bars = octets sent, by system
report-figure-bars-alt = Bar chart of the octets sent to each system; the longest bar is {$name} with {$octets}. The table of systems holds every number.
report-figure-timeline = octets over time, by category
report-figure-timeline-alt = Octets over time from {$from} to {$to}, one lane for each category, all on one linear scale; the highest column holds {$octets}. The table below the figure holds the numbers.
report-figure-scale = one column: {$time}; the highest: {$octets}; linear scale
report-figure-none = There is nothing to draw: no octets were counted.
report-timeline-lead = Observed: octets of both directions, by category. All lanes have one linear scale.
report-caption-timeline = Octets of both directions over time, by category; one row: {$time}
report-markers = Markers
report-markers-none = No marker was set.
report-marker-no-time = before the first frame
report-untagged = no signature
report-hosts-lead = Observed: that a client named or resolved the host, when, and how much was sent. The reason for each grade stands with the host.
report-caption-hosts = Hosts of {$system}
report-screens-lead = Drawn from the recorded state by the widgets of the terminal program, not photographed.
report-screen-alt = Screen of the terminal program, view: {$view}. Its numbers stand in the tables of this report and in the folder tables.
report-method-lead = Filled in from the record of the run.
report-method-version = program
report-method-signatures = signatures
report-method-signatures-text = {$count-text} signatures, of {$date}
report-method-options = options
report-method-options-none = as shipped
report-method-filter = filter
report-method-filter-none = none
report-method-machine = machine
report-method-machine-none = not recorded (--record-host)
report-method-clock = clock
report-method-clock-none = not recorded
report-method-clock-synchronized = of the machine that made this report: compared with a time server by systemd-timesyncd, last at {$time}
report-method-clock-unknown = of the machine that made this report: unknown; systemd-timesyncd left no note of a comparison
report-method-home = home networks
report-method-session = live session
report-session-text = Written by vigie live: {$files}; begun {$begun} by the clock of the machine that captured; interfaces: {$interfaces}; octets kept of each frame: {$kept}; capture filter: {$filter}; frames lost while capturing (ring and interface): {$drops}; markers: {$markers}.
report-session-running = It was still running: the first {$octets} octets of {$capture} were read, and the hash is theirs (head -c {$octets} {$capture} | sha256sum).
report-session-missing = Not read, since --keep removed them or nobody gave them: files {$files} of the session.
report-session-filter-none = none
report-session-withheld = withheld, since it may name somebody
limit-capture-filter = Only frames that pass a capture filter were captured ({$filter}); the others are in no number.
limit-capture-filter-more = { $filters ->
    [one] 1 further capture filter stands in record.json.
   *[other] {$filters-text} further capture filters stand in record.json.
 }
limit-only-tagged = { $captures ->
    [one] 1 capture was minimised while it was recorded: it holds only frames of tagged flows, so that shares of all traffic cannot be told.
   *[other] {$captures-text} captures were minimised while they were recorded: they hold only frames of tagged flows, so that shares of all traffic cannot be told.
 }
limit-session-missing = { $files ->
    [one] 1 file of a live session was not read (see Method): what it held is in no number.
   *[other] {$files-text} files of live sessions were not read (see Method): what they held is in no number.
 }
limit-session-running = The live session was still running: what came later is in no number.
report-method-naming = A flow is named by what the client sent (SNI, Host, CONNECT, SOCKS), else by the server’s certificate, else by what the client had resolved to the address. Addresses are never looked up in reverse, and nothing is sent.
report-method-client = The client is who sent the first SYN, else the hello or request; where neither was seen it is inferred, and counted under Limits.
report-method-grades = Grades come from this table. A grade is one step lower where the flow was seen in one direction only or the service was retired, and C at most where the names of a flow lead to different categories.
report-caption-captures = Captures that were read
report-caption-grades = Evidence grades by basis, and by what supports the signature
report-caption-balance = Balance: every frame is counted once
report-th-capture = capture
report-th-sha256 = SHA-256
report-th-from-to = first – last frame
report-th-interface = interface
report-th-drops = lost
report-drops-unknown = not stated
report-snaplen-all = all
report-hash-none = not taken
report-grade-documented-dedicated = documented, dedicated
report-grade-middle = documented, shared; or measured, dedicated
report-grade-weak = measured, shared; or community, dedicated
report-grade-community-shared = community, shared
report-grade-row-name = name sent by the client
report-grade-row-certificate = certificate of the server
report-grade-row-certificate-ambiguous = certificate with several names
report-grade-row-dns = DNS answer to the client
report-grade-row-dns-ambiguous = DNS answer, several names possible
report-grade-row-network = address range and port
report-balance-flows = in flows
report-balance-not-ip = not IP (ARP and the like)
report-balance-undecodable = could not be decoded
report-balance-outside = outside the period chosen
report-balance-duplicates = copies of frames counted already
report-balance-read = read
report-balance-holds = The parts are equal to what was read.
report-balance-broken = The parts are not equal to what was read: do not rely on this report.
report-protection-payload = No payload is kept in this bundle save the part of a handshake that names a flow, and DNS answers that a basis rests on.
report-protection-capture = The capture in this bundle is minimised: it holds the frames of tagged flows with their original lengths stated, and payload cut off.
report-protection-mask = Screens are masked: clients are numbered, in the order of their first flows.
report-protection-mask-none = Screens are not masked: they show addresses of clients.
report-protection-pseudonyms = Addresses of clients are pseudonyms (prefix-preserving, keyed). The key is not in this bundle; who holds it can find out whose they are.
report-protection-pseudonyms-none = Addresses of clients are as captured: they can be personal data. Before this bundle is passed on, it can be made anew with --pseudonymize.
report-protection-tenants = Labels of host names that name a tenant (an employer, an authority) have pseudonyms of the same length, by the same key, in the capture too. Which labels count is listed in the documentation; names outside of that list stay.
report-protection-domains = Host names of domains of one’s own, named when the bundle was made, have pseudonyms of the same length in every label before the public suffix, by the same key, in the capture too.
report-protection-clients = { $clients ->
    [one] Data of 1 client is in this bundle.
   *[other] Data of {$clients-text} clients is in this bundle.
 }
report-protection-retention = Retention: to be set by whoever is responsible for the measurement, and written into bag-info.txt.
report-protection-context = Context, not a finding: in France Code du travail L1121-1, L1222-4, L2312-38, L2315-94 and GDPR Art. 13, 35; in Germany BetrVG § 80, § 87 (1) no. 6 and GDPR Art. 35; in the EU, for vehicle data, the Data Act.
report-check-lead = No trust in the program that made this bundle is needed. CHECK.txt beside this report holds the same steps with the numbers to expect.
report-check-hashes = In the folder of the bundle, check that no file has changed:
report-check-seal = If the bundle is signed, check the seal (IDENTITY stands in allowed_signers):
report-check-recount = Count the frames of the bundle’s capture with another program: it must say as many as both columns of frames below together; CHECK.txt does the same with octets, and host by host:
report-check-original = Compare the SHA-256 of the original captures with the table under Method:
report-check-tables = Every number of this report stands in the folder tables, as CSV.
report-check-recountable = Numbers of tagged flows can be counted again from capture/tagged.pcapng; totals of other traffic need the original captures.
report-sources-lead = Only signatures that were met. Purposes and statements of sources are quoted from the signature database, which is written in English.
report-sources-none = No signature was met.
report-source-hosts = host patterns
report-source-networks = address ranges and ports
report-source-support = support
report-source-notes = notes
report-support-dedicated = dedicated: the hosts serve this purpose alone
report-support-shared = shared: the hosts serve other purposes too
report-support-documented = documented by its maker
report-support-measured = shown by a published measurement
report-support-community = community knowledge
glossary-flow = flow
glossary-flow-text = All frames between the same two addresses and ports of one protocol, until silence or a new beginning ends it.
glossary-client = client
glossary-client-text = Who opened a flow: here a device of the observed network, as a rule.
glossary-octet = octet
glossary-octet-text = Eight bits. 1 kB is 1,000 octets. Counted on the wire, with headers.
glossary-host = host name
glossary-host-text = The name under which a client reached a server. One machine can have many, and one name many machines.
glossary-signature = signature (of a system)
glossary-signature-text = A list of host names or address ranges that belong to a system, with purpose and source.
glossary-basis = basis
glossary-basis-text = What the assignment of a flow to a signature rests on: a name, a certificate, a DNS answer, or an address range.
glossary-grade = evidence grade
glossary-grade-text = A to D: how firmly an assignment is supported, by basis and by source. A is the strongest, D an indication. It says nothing about content.
glossary-dedicated = dedicated, shared host
glossary-dedicated-text = A dedicated host serves the purpose of its signature alone; a shared one serves others too.
glossary-observed = observed, inferred
glossary-observed-text = Observed is what stands in the captured frames; inferred is what follows from them with the help of a cited source.
glossary-telemetry = telemetry, diagnostic data
glossary-telemetry-text = Data that a program or device sends to its maker about its state and use.
glossary-analytics = workplace analytics
glossary-analytics-text = Systems that derive figures about work from mail, calendar, calls or documents.
glossary-vehicle = connected vehicle
glossary-vehicle-text = A vehicle, or its app, that exchanges data with its maker.
glossary-capture = capture
glossary-capture-text = A file with frames as they passed a network interface, each with time and length.
glossary-ech = encrypted name (ECH)
glossary-ech-text = Encrypted ClientHello hides the name of a server from the network; only a stand-in is visible.
glossary-checksum = checksum, manifest
glossary-checksum-text = A SHA-256 sum changes when one bit of a file changes. The manifest lists the sums of all files.
glossary-seal = signature (cryptographic), seal
glossary-seal-text = Shows that the holder of a key has sealed the manifest, and that it has not changed since.
glossary-pseudonym = pseudonym
glossary-pseudonym-text = A stand-in for an address or a name; only who holds the key can undo it.
glossary-marker = marker
glossary-marker-text = A note with a time that somebody set while capturing.
limit-proxy = { $flows ->
    [one] 1 flow leads to a proxy or comes from one: the server’s address is not the end.
   *[other] {$flows-text} flows lead to a proxy or come from one: the server’s address is not the end.
 }
limit-filter = Only flows for which this is true are in the tables by system, host and client: {$filter}.
limit-window = Only frames from {$from} to {$to} (UTC) are counted; {$frames} frames lie outside.
limit-interrupted = The run was ended early: frames after that are not in the numbers.
limit-capture-lost = { $frames ->
    [one] 1 frame of tagged flows found no room in the bundle’s capture: the recount lacks it.
   *[other] {$frames-text} frames of tagged flows found no room in the bundle’s capture: the recount lacks them.
 }
report-answer-not-shown = Not shown: what was sent, since content was not read; who used a device; what a receiver does with what it got. A system that does not appear was not recognised in these captures; that does not show that nothing was sent to it.
report-observed = observed
report-inferred = inferred
report-behind-tagged = Behind this: {$file}. Can be counted again from the captures in this bundle.
report-behind-original = Behind this: {$file}. Needs the original captures to be counted again.
report-caption-hashes = SHA-256 of the captures that were read
report-caption-tagged-captures = Captures in this bundle: the numbers to expect
report-caption-unnamed = Octets without a name, by cause, over all flows
report-figure-filled = filled: telemetry, analytics, advertising, surveys, vehicles
report-figure-hatched = hatched: systems of operation
report-grade-flow = of what was seen of single flows (one direction only, several possible names, or names of different categories; flows.csv says which)
report-host-unnamed = without a name: {$why}
report-hosts-dedicated = dedicated hosts
report-hosts-shared = shared hosts
report-interface = {$name}; octets kept of a frame: {$octets}
report-screen-text = the same as text
report-view-detail = one flow in detail
report-th-answers = frames with DNS answers beside them
report-th-cause = why there is no name
report-th-frames-tagged = frames of tagged flows
report-th-kept = octets kept
report-th-overwritten = of these overwritten
report-th-purpose = purpose
report-th-servers = servers
report-th-via = seen in
report-system = system
report-places = Where the servers' addresses are registered
report-places-lead = By the files that were given, which nobody checked: {$caveat}.
report-caption-places = Tagged flows by country and network of the server's address
report-places-unknown = not in the file
report-places-more = {$rows} further rows are not shown
report-makers = Makers of the clients' hardware
report-caption-makers = Tagged flows by maker of the client's hardware
