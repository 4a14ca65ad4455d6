# Les textes du rapport de preuves en français.
report-kind = Rapport de preuves sur le trafic réseau observé
report-case = dossier
report-author = auteur
report-date = date du rapport
report-captures = captures
report-period = période observée
report-period-text = du {$from} au {$to} ({$duration})
report-period-none = aucune : les captures ne contiennent aucune trame datée
report-zone = fuseau horaire
report-zone-text = {$zone}, au début de la période UTC{$offset} ; en UTC, la période va du {$from} au {$to}
report-made = établi avec
report-not-given = non indiqué
report-contents = Sommaire
report-section-question = Question
report-section-answer = Réponse
report-section-limits = Limites
report-section-systems = Systèmes
report-section-timeline = Chronologie
report-section-hosts = Détails par hôte
report-section-screens = Écrans du terminal
report-section-method = Méthode
report-section-protection = Protection des données
report-section-check = Comment vérifier ce rapport
report-section-sources = Signatures et leurs sources
report-section-glossary = Glossaire
report-question-default = Avec quels systèmes dont la finalité est documentée les appareils de ces captures ont-ils échangé, et quel volume leur ont-ils envoyé ?
report-answer-observed = Observé : en {$duration}, {$some-text} des {$clients} clients ont eu {$flows-text} flux avec des hôtes de systèmes de télémétrie, d'analyse, de publicité, d'enquête ou de véhicules, et leur ont envoyé {$octets} ({$exact} octets).
report-answer-none = Observé : en {$duration}, aucun flux des {$clients-text} clients avec un hôte d'un système connu de télémétrie, d'analyse, de publicité, d'enquête ou de véhicules n'a été vu dans ces captures. Ce qui peut en cacher un figure sous Limites.
report-answer-categories = Par catégorie, envoyé : {$list}.
report-answer-grades = Par niveau de preuve (A est le plus fort, D un indice), envoyé : {$list}.
report-answer-inferred = Déduit : la finalité d'un hôte vient des sources citées avec sa signature, non du contenu, qui n'a pas été lu.
report-answer-inferred-none = Déduit : rien. L'appartenance d'un hôte à un tel système vient de signatures aux sources citées ; un hôte qu'aucune signature ne mentionne reste sans finalité.
report-answer-apart = Compté à part et dans aucune somme ci-dessus : {$operation} envoyés à des systèmes de fonctionnement (authentification, mises à jour, stockage et semblables), {$untagged} à des hôtes sans signature ; {$unnamed} de tous les octets n'ont pas de nom.
report-pair = {$name} {$octets}
report-limits-lead = Elles valent pour tous les nombres qui suivent. Chacune est énoncée parce que sa condition est remplie dans ces données.
limit-encrypted = Le contenu n'a pas été lu et il est le plus souvent chiffré ; seuls le destinataire, l'heure et le volume sont visibles.
limit-server-side = Les analyses faites dans le nuage du fournisseur ne laissent aucune trace sur ce réseau.
limit-shared-host = Certains hôtes servent à plusieurs usages ; tout leur volume n'est pas de la télémétrie : {$octets} des octets envoyés sont allés à de tels hôtes.
limit-unnamed = {$share} des octets ({$octets}) n'ont pas pu être attribués à un nom.
limit-ech = { $flows ->
    [one] L'Encrypted ClientHello a masqué le vrai nom de {$flows-text} flux.
   *[other] L'Encrypted ClientHello a masqué le vrai nom de {$flows-text} flux.
 }
limit-encrypted-dns = { $flows ->
    [one] Du DNS chiffré était utilisé ({$flows-text} flux) ; les noms issus du DNS sont incomplets.
   *[other] Du DNS chiffré était utilisé ({$flows-text} flux) ; les noms issus du DNS sont incomplets.
 }
limit-drops = { $frames ->
    [one] {$frames-text} trame a été perdue pendant la capture.
   *[other] {$frames-text} trames ont été perdues pendant la capture.
 }
limit-drops-unknown = { $captures ->
    [one] {$captures-text} capture ne dit pas si des trames ont été perdues.
   *[other] {$captures-text} captures ne disent pas si des trames ont été perdues.
 }
limit-damage = La capture {$capture} est endommagée à la trame {$frame}, octet {$offset} ; la suite peut manquer.
limit-damage-more = { $places ->
    [one] {$places-text} autre endroit endommagé figure dans record.json.
   *[other] {$places-text} autres endroits endommagés figurent dans record.json.
 }
limit-not-read = La capture {$capture} n'a pas pu être lue ; rien n'en est compté.
limit-not-read-more = { $captures ->
    [one] {$captures-text} autre capture n'a pas pu être lue.
   *[other] {$captures-text} autres captures n'ont pas pu être lues.
 }
limit-one-sided = { $flows ->
    [one] {$flows-text} flux n'a été vu que dans un sens.
   *[other] {$flows-text} flux n'ont été vus que dans un sens.
 }
limit-midstream = { $flows ->
    [one] {$flows-text} connexion sans nom a commencé avant la capture.
   *[other] {$flows-text} connexions sans nom ont commencé avant la capture.
 }
limit-vpn = Un tunnel a transporté {$octets} ; son contenu est inconnu.
limit-cellular = La liaison mobile propre du véhicule ne passe pas par ce réseau.
limit-brokers = Les échanges entre serveurs d'entreprises ne sont pas visibles ici.
limit-clock = L'horloge de la machine de capture n'a pas été vérifiée.
limit-clock-host = L'horloge a été examinée sur la machine qui a produit ce rapport, au moment où il l'a été (voir Méthode) ; celle de la machine de capture, pendant la capture, n'a pas été vérifiée.
limit-duplicates-counted = { $frames ->
    [one] {$frames-text} des {$looked-text} trames comparées apparaît deux fois (port miroir) ; de telles trames sont comptées comme les autres.
   *[other] {$frames-text} des {$looked-text} trames comparées apparaissent deux fois (port miroir) ; de telles trames sont comptées comme les autres.
 }
limit-duplicates-apart = { $frames ->
    [one] {$frames-text} trame apparaît deux fois (port miroir) ; elle est comptée à part, dans aucun flux.
   *[other] {$frames-text} trames apparaissent deux fois (port miroir) ; elles sont comptées à part, dans aucun flux.
 }
limit-orientation = { $flows ->
    [one] Pour {$flows-text} flux, l'initiateur de la connexion est déduit.
   *[other] Pour {$flows-text} flux, l'initiateur de la connexion est déduit.
 }
limit-claimed = Un nom est ce que le client a annoncé ; il ne prouve pas le serveur.
limit-coalesced = { $flows ->
    [one] Dans {$flows-text} flux, le client a proposé HTTP/2 ou HTTP/3 : une connexion peut transporter des requêtes vers d'autres hôtes du même certificat.
   *[other] Dans {$flows-text} flux, le client a proposé HTTP/2 ou HTTP/3 : une connexion peut transporter des requêtes vers d'autres hôtes du même certificat.
 }
limit-offload = { $flows ->
    [one] La machine de capture a fusionné des trames ({$flows-text} flux) ; les octets d'en-tête sont sous-estimés.
   *[other] La machine de capture a fusionné des trames ({$flows-text} flux) ; les octets d'en-tête sont sous-estimés.
 }
limit-aggregate = { $flows ->
    [one] Des trames de {$flows-text} flux contiennent aussi des paquets d'autres flux (A-MSDU) ; ils sont comptés avec lui et ne sont pas lus.
   *[other] Des trames de {$flows-text} flux contiennent aussi des paquets d'autres flux (A-MSDU) ; ils sont comptés avec ceux-ci et ne sont pas lus.
 }
limit-bounds = { $hits ->
    [one] Une limite de mémoire a été atteinte {$hits-text} fois ; un nom peut manquer pour cette raison.
   *[other] Une limite de mémoire a été atteinte {$hits-text} fois ; des noms peuvent manquer pour cette raison.
 }
limit-undecodable = { $frames ->
    [one] {$frames-text} trame n'a pas pu être décodée ; elle n'est dans aucun flux.
   *[other] {$frames-text} trames n'ont pas pu être décodées ; elles ne sont dans aucun flux.
 }
limit-stale = { $days ->
    [one] Les signatures avaient {$days-text} jour lors du rapport ; les hôtes plus récents n'y sont pas.
   *[other] Les signatures avaient {$days-text} jours lors du rapport ; les hôtes plus récents n'y sont pas.
 }
limit-legal = Ce rapport énonce des mesures. Il n'est pas un avis juridique.
report-caption-systems-accusing = Télémétrie, analyse, publicité, enquêtes, véhicules : volumes observés par système
report-caption-systems-operation = Systèmes de fonctionnement : authentification, mises à jour, stockage et semblables ; additionnés à part du tableau précédent
report-caption-untagged = Trafic sans signature
report-systems-lead = Observé : volumes, flux, heures. Déduit : le système et sa finalité, tels que les sources entre crochets les donnent pour l'hôte. Les volumes sont des octets sur le réseau, en-têtes et chiffrement compris ; ils bornent le contenu par le haut.
report-systems-none = Aucun n'a été vu dans ces captures.
report-th-system = système et finalité
report-th-category = catégorie
report-th-sent = envoyé
report-th-received = reçu
report-th-flows = flux
report-th-seen = première – dernière vue
report-th-grade = niveau
report-th-basis = fondement
report-th-source = source
report-th-host = hôte
report-th-clients = clients
report-th-time = à partir de
report-th-group = groupe
report-th-frames = trames
report-th-octets = octets
report-sum-category = Somme : {$category}
report-more = { $rows ->
    [one] et {$rows-text} de plus, dans {$file}
   *[other] et {$rows-text} de plus, dans {$file}
 }
report-amounts-rest = { $rows ->
    [one] {$rows-text} autre ligne
   *[other] {$rows-text} autres lignes
 }
report-basis-name = nommé par le client
report-basis-certificate = nommé par le certificat du serveur
report-basis-dns = résolu par le client
report-basis-network = plage d'adresses et port
report-figure = Figure {$number} : {$title}
report-figure-bars = octets envoyés, par système
report-figure-bars-alt = Diagramme en barres des octets envoyés à chaque système ; la barre la plus longue est {$name} avec {$octets}. Le tableau des systèmes contient tous les nombres.
report-figure-timeline = octets au fil du temps, par catégorie
report-figure-timeline-alt = Octets au fil du temps du {$from} au {$to}, une bande par catégorie, toutes sur une même échelle linéaire ; la colonne la plus haute contient {$octets}. Le tableau sous la figure contient les nombres.
report-figure-scale = une colonne : {$time} ; la plus haute : {$octets} ; échelle linéaire
report-figure-none = Il n'y a rien à dessiner : aucun octet n'a été compté.
report-timeline-lead = Observé : octets des deux sens, par catégorie. Toutes les bandes ont la même échelle linéaire.
report-caption-timeline = Octets des deux sens au fil du temps, par catégorie ; une ligne : {$time}
report-markers = Repères
report-markers-none = Aucun repère n'a été posé.
report-marker-no-time = avant la première trame
report-untagged = sans signature
report-hosts-lead = Observé : qu'un client a nommé ou résolu l'hôte, quand, et quel volume a été envoyé. La raison de chaque niveau figure avec l'hôte.
report-caption-hosts = Hôtes de {$system}
report-screens-lead = Dessinés à partir de l'état enregistré par les éléments du programme de terminal, non photographiés.
report-screen-alt = Écran du programme de terminal, vue : {$view}. Ses nombres figurent dans les tableaux de ce rapport et dans le dossier tables.
report-method-lead = Rempli à partir de l'enregistrement de l'exécution.
report-method-version = programme
report-method-signatures = signatures
report-method-signatures-text = {$count-text} signatures, de {$date}
report-method-options = options
report-method-options-none = par défaut
report-method-filter = filtre
report-method-filter-none = aucun
report-method-machine = machine
report-method-machine-none = non enregistrée (--record-host)
report-method-clock = horloge
report-method-clock-none = non enregistrée
report-method-clock-synchronized = de la machine qui a produit ce rapport : comparée à un serveur de temps par systemd-timesyncd, la dernière fois le {$time}
report-method-clock-unknown = de la machine qui a produit ce rapport : état inconnu ; systemd-timesyncd n'a laissé aucune trace d'une comparaison
report-method-home = réseaux propres
report-method-session = session en direct
report-session-text = Écrit par vigie live : {$files} ; commencée le {$begun} selon l'horloge de la machine qui capturait ; interfaces : {$interfaces} ; octets conservés de chaque trame : {$kept} ; filtre de capture : {$filter} ; trames perdues pendant la capture (anneau et interface) : {$drops} ; repères : {$markers}.
report-session-running = Elle était encore en cours : les {$octets} premiers octets de {$capture} ont été lus, et l'empreinte est la leur (head -c {$octets} {$capture} | sha256sum).
report-session-missing = Non lus, parce que --keep les a supprimés ou que personne ne les a donnés : fichiers {$files} de la session.
report-session-filter-none = aucun
report-session-withheld = retenu, car il peut nommer quelqu'un
limit-capture-filter = Seules les trames qui passent un filtre de capture ont été capturées ({$filter}) ; les autres ne sont dans aucun nombre.
limit-capture-filter-more = { $filters ->
    [one] {$filters-text} autre filtre de capture figure dans record.json.
   *[other] {$filters-text} autres filtres de capture figurent dans record.json.
 }
limit-only-tagged = { $captures ->
    [one] {$captures-text} capture a été réduite pendant l'enregistrement : elle ne contient que des trames de flux étiquetés, si bien que des parts du trafic total ne peuvent être données.
   *[other] {$captures-text} captures ont été réduites pendant l'enregistrement : elles ne contiennent que des trames de flux étiquetés, si bien que des parts du trafic total ne peuvent être données.
 }
limit-session-missing = { $files ->
    [one] {$files-text} fichier d'une session en direct n'a pas été lu (voir Méthode) : ce qu'il contenait n'est dans aucun nombre.
   *[other] {$files-text} fichiers de sessions en direct n'ont pas été lus (voir Méthode) : ce qu'ils contenaient n'est dans aucun nombre.
 }
limit-session-running = La session en direct était encore en cours : ce qui est venu ensuite n'est dans aucun nombre.
report-method-naming = Un flux est nommé d'après ce que le client a envoyé (SNI, Host, CONNECT, SOCKS), sinon d'après le certificat du serveur, sinon d'après ce que le client avait résolu vers l'adresse. Aucune résolution inverse n'est faite, et rien n'est envoyé.
report-method-client = Le client est celui qui a envoyé le premier SYN, sinon le hello ou la requête ; si aucun n'a été vu, il est déduit et compté sous Limites.
report-method-grades = Les niveaux viennent de ce tableau. Un niveau baisse d'un cran si le flux n'a été vu que dans un sens ou si le service est retiré, et vaut au plus C si les noms d'un flux mènent à des catégories différentes.
report-caption-captures = Captures lues
report-caption-grades = Niveaux de preuve selon le fondement et selon ce qui soutient la signature
report-caption-balance = Bilan : chaque trame est comptée une fois
report-th-capture = capture
report-th-sha256 = SHA-256
report-th-from-to = première – dernière trame
report-th-interface = interface
report-th-drops = perdues
report-drops-unknown = non indiqué
report-snaplen-all = tous
report-hash-none = non calculée
report-grade-documented-dedicated = documenté, dédié
report-grade-middle = documenté, partagé ; ou mesuré, dédié
report-grade-weak = mesuré, partagé ; ou communauté, dédié
report-grade-community-shared = communauté, partagé
report-grade-row-name = nom envoyé par le client
report-grade-row-certificate = certificat du serveur
report-grade-row-certificate-ambiguous = certificat à plusieurs noms
report-grade-row-dns = réponse DNS au client
report-grade-row-dns-ambiguous = réponse DNS, plusieurs noms possibles
report-grade-row-network = plage d'adresses et port
report-balance-flows = dans des flux
report-balance-not-ip = non IP (ARP et semblables)
report-balance-undecodable = non décodables
report-balance-outside = hors de la période choisie
report-balance-duplicates = copies de trames déjà comptées
report-balance-read = lu
report-balance-holds = Les parties sont égales à ce qui a été lu.
report-balance-broken = Les parties ne sont pas égales à ce qui a été lu : ne pas se fier à ce rapport.
report-protection-payload = Aucune charge utile n'est conservée dans ce dossier de preuves, hormis la partie d'une négociation qui nomme un flux et les réponses DNS sur lesquelles repose un fondement.
report-protection-capture = La capture de ce dossier est minimisée : elle contient les trames des flux étiquetés avec leur longueur d'origine, la charge utile étant coupée.
report-protection-mask = Les écrans sont masqués : les clients y sont numérotés, dans l'ordre de leurs premiers flux.
report-protection-mask-none = Les écrans ne sont pas masqués : ils montrent des adresses de clients.
report-protection-pseudonyms = Les adresses des clients sont des pseudonymes (préfixes préservés, avec clé). La clé n'est pas dans ce dossier ; qui la détient peut retrouver à qui elles appartiennent.
report-protection-pseudonyms-none = Les adresses des clients sont telles que capturées : elles peuvent être des données personnelles. Avant de transmettre ce dossier, on peut le refaire avec --pseudonymize.
report-protection-tenants = Les éléments des noms d’hôte qui désignent un locataire (un employeur, une administration) portent des pseudonymes de même longueur, par la même clé, dans la capture aussi. La documentation en donne la liste ; les noms hors de cette liste restent.
report-protection-domains = Les noms d’hôte de domaines propres, nommés quand le dossier a été fait, portent des pseudonymes de même longueur dans chaque élément avant le suffixe public, par la même clé, dans la capture aussi.
report-protection-clients = { $clients ->
    [one] Ce dossier contient des données de {$clients-text} client.
   *[other] Ce dossier contient des données de {$clients-text} clients.
 }
report-protection-retention = Conservation : à fixer par le responsable de la mesure ; bag-info.txt a un champ pour cela.
report-protection-context = Contexte, non un constat : en France Code du travail L1121-1, L1222-4, L2312-38, L2315-94 et RGPD art. 13, 35 ; en Allemagne BetrVG § 80, § 87 al. 1 n° 6 et RGPD art. 35 ; dans l'UE, pour les données de véhicules, le règlement sur les données (Data Act).
report-check-lead = Il n'est pas nécessaire de faire confiance au programme qui a produit ce dossier. CHECK.txt, à côté de ce rapport, contient les mêmes étapes avec les nombres attendus.
report-check-hashes = Dans le dossier de preuves, vérifier qu'aucun fichier n'a changé :
report-check-seal = Si le dossier est signé, vérifier le sceau (IDENTITY figure dans allowed_signers) :
report-check-recount = Compter les trames de la capture du dossier avec un autre programme : il doit en donner autant que les deux colonnes de trames ci-dessous ensemble ; CHECK.txt fait de même avec les octets, et hôte par hôte :
report-check-original = Comparer l'empreinte SHA-256 des captures d'origine avec le tableau sous Méthode :
report-check-tables = Chaque nombre de ce rapport figure dans le dossier tables, en CSV.
report-check-recountable = Les nombres des flux étiquetés peuvent être recomptés à partir de capture/tagged.pcapng ; les totaux du reste du trafic demandent les captures d'origine.
report-sources-lead = Seulement les signatures rencontrées. Les finalités et les énoncés des sources sont cités de la base de signatures, écrite en anglais.
report-sources-none = Aucune signature n'a été rencontrée.
report-source-hosts = motifs d'hôtes
report-source-networks = plages d'adresses et ports
report-source-support = appui
report-source-notes = remarques
report-support-dedicated = dédié : les hôtes ne servent qu'à cette finalité
report-support-shared = partagé : les hôtes servent aussi à d'autres usages
report-support-documented = documenté par l'éditeur
report-support-measured = montré par une mesure publiée
report-support-community = connaissance de la communauté
glossary-flow = flux
glossary-flow-text = Toutes les trames entre les mêmes deux adresses et ports d'un protocole, jusqu'à ce que le silence ou un nouveau début y mette fin.
glossary-client = client
glossary-client-text = Qui a ouvert un flux : ici, en règle générale, un appareil du réseau observé.
glossary-octet = octet
glossary-octet-text = Huit bits. 1 ko vaut 1 000 octets. Compté sur le réseau, en-têtes compris.
glossary-host = nom d'hôte
glossary-host-text = Le nom sous lequel un client a atteint un serveur. Une machine peut en avoir plusieurs, et un nom plusieurs machines.
glossary-signature = signature (d'un système)
glossary-signature-text = Une liste de noms d'hôte ou de plages d'adresses qui appartiennent à un système, avec finalité et source.
glossary-basis = fondement
glossary-basis-text = Ce sur quoi repose l'attribution d'un flux à une signature : un nom, un certificat, une réponse DNS ou une plage d'adresses.
glossary-grade = niveau de preuve
glossary-grade-text = De A à D : la solidité d'une attribution, selon le fondement et la source. A est le plus fort, D un indice. Il ne dit rien du contenu.
glossary-dedicated = hôte dédié, partagé
glossary-dedicated-text = Un hôte dédié ne sert qu'à la finalité de sa signature ; un hôte partagé sert aussi à d'autres.
glossary-observed = observé, déduit
glossary-observed-text = Est observé ce qui figure dans les trames capturées ; est déduit ce qui en découle à l'aide d'une source citée.
glossary-telemetry = télémétrie, données de diagnostic
glossary-telemetry-text = Données qu'un programme ou un appareil envoie à son éditeur sur son état et son usage.
glossary-analytics = analyse de l'activité au travail
glossary-analytics-text = Systèmes qui tirent des chiffres sur le travail du courrier, de l'agenda, des appels ou des documents.
glossary-vehicle = véhicule connecté
glossary-vehicle-text = Un véhicule, ou son application, qui échange des données avec son constructeur.
glossary-capture = capture
glossary-capture-text = Un fichier de trames telles qu'elles sont passées par une interface réseau, avec l'heure et la longueur de chacune.
glossary-ech = nom chiffré (ECH)
glossary-ech-text = L'Encrypted ClientHello cache au réseau le nom d'un serveur ; seul un nom de remplacement est visible.
glossary-checksum = empreinte, manifeste
glossary-checksum-text = Une empreinte SHA-256 change dès qu'un bit d'un fichier change. Le manifeste énumère les empreintes de tous les fichiers.
glossary-seal = signature électronique, sceau
glossary-seal-text = Montre que le détenteur d'une clé a scellé le manifeste, et que celui-ci n'a pas changé depuis.
glossary-pseudonym = pseudonyme
glossary-pseudonym-text = Un remplaçant d'une adresse ou d'un nom ; seul le détenteur de la clé peut revenir en arrière.
glossary-marker = repère
glossary-marker-text = Une note datée que quelqu'un a posée pendant la capture.
limit-proxy = { $flows ->
    [one] {$flows-text} flux mène à un mandataire (proxy) ou en vient : l'adresse du serveur n'est pas le bout.
   *[other] {$flows-text} flux mènent à un mandataire (proxy) ou en viennent : l'adresse du serveur n'est pas le bout.
 }
limit-filter = Seuls les flux pour lesquels ceci est vrai figurent dans les tableaux par système, hôte et client : {$filter}.
limit-window = Seules les trames de {$from} à {$to} (UTC) sont comptées ; {$frames} trames sont en dehors.
limit-interrupted = L'exécution a été arrêtée avant la fin : les trames suivantes ne sont pas dans les nombres.
limit-capture-lost = { $frames ->
    [one] {$frames-text} trame de flux étiquetés n'a pas trouvé place dans la capture du dossier : elle manque au recomptage.
   *[other] {$frames-text} trames de flux étiquetés n'ont pas trouvé place dans la capture du dossier : elles manquent au recomptage.
 }
report-answer-not-shown = Non montré : ce qui a été envoyé, puisque le contenu n'a pas été lu ; qui utilisait un appareil ; ce qu'un destinataire fait de ce qu'il a reçu. Un système qui n'apparaît pas n'a pas été reconnu dans ces captures ; cela ne montre pas que rien ne lui a été envoyé.
report-observed = observé
report-inferred = déduit
report-behind-tagged = Derrière ceci : {$file}. Peut être recompté à partir des captures de ce dossier.
report-behind-original = Derrière ceci : {$file}. Le recomptage demande les captures d'origine.
report-caption-hashes = Empreintes SHA-256 des captures lues
report-caption-tagged-captures = Captures de ce dossier : les nombres attendus
report-caption-unnamed = Octets sans nom, par cause, sur tous les flux
report-figure-filled = plein : télémétrie, analyse, publicité, enquêtes, véhicules
report-figure-hatched = hachuré : systèmes de fonctionnement
report-grade-flow = de ce qui a été vu de certains flux (un seul sens, plusieurs noms possibles ou noms de catégories différentes ; flows.csv dit lesquels)
report-host-unnamed = sans nom : {$why}
report-hosts-dedicated = hôtes dédiés
report-hosts-shared = hôtes partagés
report-interface = {$name} ; octets gardés d'une trame : {$octets}
report-screen-text = le même en texte
report-view-detail = un flux en détail
report-th-answers = trames de réponses DNS à côté
report-th-cause = pourquoi il n'y a pas de nom
report-th-frames-tagged = trames des flux étiquetés
report-th-kept = octets gardés
report-th-overwritten = dont remplacés
report-th-purpose = finalité
report-th-servers = serveurs
report-th-via = vu dans
report-system = système
report-places = Où les adresses des serveurs sont enregistrées
report-places-lead = D'après les fichiers fournis, que personne n'a vérifiés : {$caveat}.
report-caption-places = Flux étiquetés par pays et réseau de l'adresse du serveur
report-places-unknown = absent du fichier
report-places-more = {$rows} autres lignes ne sont pas affichées
report-makers = Fabricants du matériel des clients
report-caption-makers = Flux étiquetés par fabricant du matériel du client
