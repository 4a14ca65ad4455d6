# Ce qui accompagne le rapport dans un dossier de preuves, et ce que dit sa vérification.
bag-retention-open = à fixer par le responsable
check-intro =
    Comment vérifier ce dossier de preuves sans le programme qui l’a produit.
    Exécuter ce fichier tel quel, dans le dossier qui contient bagit.txt :  sh data/CHECK.txt
    ou ligne par ligne. Il faut sha256sum, ssh-keygen, capinfos, tshark, awk et sort.
    Les lignes qui commencent par « = » sont les nombres attendus.
check-files =
    1. Aucun fichier n’a changé depuis l’écriture des manifestes.
    « OK » s’affiche pour les deux ; un fichier modifié est nommé.
check-unsealed =
    2. Ce dossier n’est pas scellé : les manifestes montrent que les fichiers vont ensemble, non qui les a produits.
check-seal =
    2. Le sceau : le détenteur de la clé a scellé les manifestes, et ils n’ont pas changé depuis.
    Comparer l’empreinte avec celle reçue par une autre voie, car qui remplace le sceau peut aussi
    remplacer allowed_signers :
      = {$identity}  {$fingerprint}
check-no-capture =
    3. Ce dossier ne contient pas de capture : aucun flux n’a de signature.
check-captures =
    3. Les captures de ce dossier : trames, et leurs octets sur le réseau.
    Le contenu est coupé, les longueurs d’origine sont gardées. Les mêmes nombres figurent dans
    data/tables/tagged_captures.csv.
check-server-names =
    4. Trames et octets par nom de serveur envoyé par le client (TLS, QUIC), comptés par tshark :
    toutes les trames de chaque échange où figure un nom. Les mêmes nombres figurent dans
    data/tables/server_names.csv.
check-originals =
    5. Les captures lues, avec leur SHA-256. Qui les possède peut comparer :  sha256sum FICHIER
check-more =
    6. Chaque nombre du rapport figure dans data/tables. La dernière colonne de chaque ligne dit
    comment le recompter : « tagged » depuis data/capture, « original » depuis les captures ci-dessus.
    vigie recompte le tout :  vigie verify DOSSIER --original CAPTURE…
verify-holds = Exact :
verify-does-not-hold = Inexact :
verify-not-checked = Non vérifié :
verify-verdict-holds = Tout ce qui a été vérifié est exact.
verify-verdict-broken = { $findings ->
    [one] 1 vérification a échoué : ne pas se fier à ce dossier.
   *[other] {$findings-text} vérifications ont échoué : ne pas se fier à ce dossier.
 }
verify-more = et {$more-text} autres de ce genre
verify-files-hold = Les {$files-text} fichiers sont tous là, inchangés depuis l’écriture des manifestes, et aucun autre.
verify-no-file = {$file} est un lien ou autre chose qu’un fichier.
verify-declaration = bagit.txt ne dit pas ce qu’il dit dans un dossier de preuves (BagIt 1.0, UTF-8).
verify-line = Cette ligne d’un manifeste est illisible : {$line}
verify-missing = {$file} manque.
verify-added = {$file} a été ajouté : aucun manifeste ne le cite.
verify-changed = {$file} a changé depuis l’écriture des manifestes.
verify-misplaced = {$file} figure dans le mauvais manifeste.
verify-unlisted = {$file} ne figure dans aucun manifeste.
verify-oxum = bag-info.txt annonce un contenu de {$stated} (octets.fichiers), il y a {$there}.
verify-unsealed = Le dossier n’est pas scellé : rien ne montre qui l’a produit, ni que les manifestes sont les premiers.
verify-seal-missing = Le dossier était scellé, mais la signature manque.
verify-seal-unreadable = La signature est illisible.
verify-seal-namespace = La signature a été faite pour {$namespace}, non pour sceller un dossier.
verify-seal-wrong = La signature n’est pas celle de ces manifestes : ils ont été réécrits après le scellement, ou la signature a été remplacée.
verify-seal-stranger = Le dossier est scellé avec la clé {$fingerprint}, absente de allowed_signers.
verify-seal-holds = Scellé par {$identity} avec la clé {$fingerprint}, et inchangé depuis.
verify-seal-whose = Si la clé {$fingerprint} est bien celle de qui le dit : la comparer avec celle reçue par une autre voie, ou donner --signers FICHIER.
verify-record = data/record.json est illisible : rien ne peut être recompté.
verify-version = Le dossier a été produit par vigie {$made} et vérifié par {$now} : des comptes différents peuvent venir de là.
verify-signatures = Les signatures de data/signatures sont illisibles : rien ne peut être recompté.
verify-capture-missing = La capture data/capture/{$file} manque : rien ne peut être recompté.
verify-capture-damaged = La capture data/capture/{$file} est endommagée.
verify-recount = Les captures du dossier n’ont pas pu être recomptées : {$why}
verify-table-missing = Le tableau {$table} manque ou est illisible.
verify-table-header = Le tableau {$table} a d’autres colonnes.
verify-table-holds = { $rows ->
    [one] {$table} : 1 ligne recomptée, identique.
   *[other] {$table} : {$rows-text} lignes recomptées, identiques.
 }
verify-row = Cette ligne dit autre chose que les captures : {$row}
verify-row-missing = Cette ligne manque : {$row}
verify-rows-unlike = { $rows ->
    [one] {$table} : 1 ligne sur des flux étiquetés ne peut être recomptée depuis les captures du dossier, comme le dit l’enregistrement ; il faut les captures d’origine.
   *[other] {$table} : {$rows-text} lignes sur des flux étiquetés ne peuvent être recomptées depuis les captures du dossier, comme le dit l’enregistrement ; il faut les captures d’origine.
 }
verify-no-original = { $rows ->
    [one] 1 ligne sur le reste du trafic (« original ») : donner les captures avec --original.
   *[other] {$rows-text} lignes sur le reste du trafic (« original ») : donner les captures avec --original.
 }
verify-original-holds = {$capture} est une des captures lues.
verify-original-missing = La capture {$capture} n’a pas été donnée : les lignes « original » n’ont pas été recomptées.
verify-original-other = {$capture} n’est aucune des captures lues : son SHA-256 est autre.
verify-original-unreadable = {$capture} n’a pas pu être lue : {$why}
verify-original-log = Des noms du rapport viennent du journal d’un résolveur (--dns-log), absent du dossier : des captures d’origine, seuls le bilan et les captures elles-mêmes ont été recomptés, pas ce qui dépend de noms.
verify-original-pseudonyms = Les adresses sont des pseudonymes : les tableaux par adresse n’ont pas été comparés aux captures d’origine.
verify-original-tenants = Les noms de locataires ou de domaines propres sont des pseudonymes : les tableaux par nom n’ont pas été comparés aux captures d’origine.
verify-original-home = Les réseaux domestiques sont des pseudonymes comme les adresses qu’ils contiennent : les captures d’origine ne disent donc pas de nouveau qui était client ; seuls le bilan et les captures elles-mêmes ont été comparés.
verify-stated-holds = Ce que record.json déclare concorde avec les tableaux, les signatures et les fichiers du dossier.
verify-stated = Ceci ne concorde pas avec le reste du dossier : {$what}
verify-stated-only = Ce qu’aucune capture ne montre : auteur, affaire, question et date, la machine et son horloge, les fichiers nommés par des options, le lieu des captures. Qui a fait le dossier le déclare.
verify-stated-originals-hold = Ce que record.json déclare des captures d’origine (interfaces, heures, pertes, dommages, commentaires, repères, limites) est ce qu’elles donnent.
verify-stated-originals = Les captures d’origine donnent autre chose : {$what}
verify-signatures-shipped = Les signatures employées, leur nombre et leur date sont celles de ce vigie.
verify-signatures-other = Ceci diffère de ce vigie, et record.json ne nomme pas de signatures propres : {$what}
verify-signatures-own = Des signatures propres étaient en vigueur : leur nombre et leur date sont seulement déclarés.
verify-pseudonyms-none = record.json dit que les clients ont des pseudonymes, mais data/tables/clients.csv porte leurs propres adresses.
verify-tenants-none = record.json dit que les clients des services ont des pseudonymes, mais data/tables/names.csv nomme celui-ci : {$name}
verify-figures-hold = { $files ->
    [one] 1 figure a été redessinée et est identique.
   *[other] {$files-text} figures ont été redessinées et sont identiques.
 }
verify-figure = {$file} montre autre chose que ce qui a été compté.
verify-figures-unlike = Figures : certaines lignes sur des flux étiquetés ne peuvent être recomptées d’après les captures du dossier, comme le dit l’enregistrement ; elles n’ont donc pas été redessinées.
verify-check-holds = data/CHECK.txt a été réécrit et est identique.
verify-check = data/CHECK.txt n’est pas ce que vigie écrit de ce dossier : lisez-le avant de l’exécuter.
verify-page-holds = Ces parties de data/report.html ont été réécrites d’après ce qui a été compté et sont identiques : {$parts}
verify-page = Cette partie de data/report.html dit autre chose que ce qui a été compté : {$part}
verify-page-parts = data/report.html a d’autres parties qu’un rapport de vigie.
verify-page-original = Ces parties de data/report.html parlent aussi d’autre trafic, ou de ce qui n’est pas dans le dossier ; elles sont scellées avec le reste, mais n’ont pas été réécrites sans les captures d’origine : {$parts}
verify-page-left = Ces parties de data/report.html ne peuvent être réécrites d’après ce qui est ici ; elles sont scellées avec le reste : {$parts}
verify-pages-version = Rapport, figures, CHECK.txt et bag-info.txt : vigie {$made} les a écrits, et lui seul peut les réécrire. Ils sont scellés avec le reste.
verify-pages-zone = Rapport, figures, CHECK.txt et bag-info.txt : la date, la langue ou le fuseau ({$zone}) n’est pas connu ici ; ils n’ont donc pas été réécrits. Ils sont scellés avec le reste.
verify-screens = { $files ->
    [one] 1 image du terminal (data/screens) : elle n’a pas été redessinée.
   *[other] {$files-text} images du terminal (data/screens) : elles n’ont pas été redessinées.
 }
