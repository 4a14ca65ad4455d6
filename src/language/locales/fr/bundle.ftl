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
