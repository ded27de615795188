"""What web pages set around an article, by family and language: patterns for `furniture`; pure.

Each matches a whole folded line or sentence, without the marks at its end. SENTENCES are told
wherever they stand in a story, LINES only where they are a line of their own: as part of a
sentence their words may be the article's.
"""

_NETWORKS = (
    r"(?:facebook|twitter|x|instagram|tiktok|youtube|google(?: news)?|whatsapp|bluesky|threads"
    r"|linkedin|telegram|reddit|pinterest|snapchat|mastodon|messenger|flipboard|apple news)"
)
_SHARES = (
    rf"(?:share|tweet|e-?mail|print|save|copy(?: link)?|link copied|comment|gift|bookmark|like"
    rf"|pin|post|send|{_NETWORKS})"
)
_AGENCIES = (
    r"(?:aap|ap|pa(?: media)?|afp|upi|dpa|efe|ansa|pti|ani|ians|tass|xinhua|reuters|bloomberg|the"
    r" canadian press|(?:the )?associated press|press association|agence france-presse"
    r"|(?:news )?agencies|wires|agency reports|getty(?: images)?)"
)
_EN = (
    r"as an amazon (?:associate|affiliate),? (?:we|i) (?:may )?earn\b.{0,80}",
    r"(?:all )?comments (?:on (?:this|our) \w{4,8} )?(?:are|may be|will be) (?:pre-?|post-?)?"
    r"moderated\b.{0,120}|(?:please )?keep (?:it|your comments?|comments"
    r"|the conversation|the discussion) (?:civil|respectful|polite"
    r"|friendly|on topic|clean)\b.{0,60}",
    r"(?:please )?(?:read|review|see|check|follow|respect|observe|abide by|adhere to) (?:our|the)"
    r" (?:comment(?:ing|s)?|community|discussion|moderation|house) (?:guidelines|rules|standards"
    r"|policy)\b.{0,80}",
    r"(?:watch|see|view|browse|discover) (?:more|all) (?:of )?(?:our |the )?(?:\w{3,12} )?"
    r"(?:videos?|clips|photo galleries)\b.{0,80}",
    # what agencies and desks set behind a story
    rf"[-\u2013\u2014 ]*(?:with|additional reporting (?:by|from)|reporting (?:by|from)|source|via"
    rf"|from)[: ]+{_AGENCIES}(?:(?:,| and) {_AGENCIES})*|[-\u2013\u2014 ]+{_AGENCIES}",
    r"(?:this is a )?(?:developing|breaking)(?: news)? story\b.{0,20}\b(?:updat|check|refresh)\w*"
    r"\b.{0,60}|check back (?:for|later|soon|here)\b.{0,60}"
    r"|this (?:page|story|article|post) (?:will be|is being) updated\b.{0,60}",
    r"(?:listen|watch|see|read|scroll|continue|more|find out more|full (?:story|list|results)) "
    r"(?:it |them |more |on )?below",
    r"(?:send|e-?mail|share) (?:us )?(?:your )?(?:news )?(?:tips?|stories|story ideas|photos"
    r"|pictures) (?:to|at|via)\b.{0,80}",
    r"(?:this|the) (?:article|story|post|piece|report|column|interview) (?:first |originally )?"
    r"(?:appeared|ran|aired)\b.{0,120}",
    r"video (?:is )?(?:loading|playing|playback|player)\b.{0,40}",
    # advertisements
    r"(?:skip|hide|close|end of|start of|report|show|remove) (?:past )?(?:this |the )?(?:ads?"
    r"|advert(?:isement)?s?|newsletter(?: promotion)?|promotion|promo)",
    r"(?:after|before) newsletter promotion|adchoices|ad choices|ad feedback|why this ad\??",
    r"(?:recommended|promoted|powered|sponsored|content|ads?) (?:for you )?by (?:outbrain|taboola"
    r"|google|dianomi|revcontent|teads|mgid)",
    r"(?:promoted|sponsored|partner|paid|branded) (?:content|post|stor(?:y|ies)|links?)",
    # players
    r"(?:to|in order to) (?:play|view|see|watch|show|hear) th(?:is|e) (?:video|content|clip|audio"
    r"|media|embed|post)\b.{0,90}",
    r"(?:this|the) (?:video|content|media|clip|audio|embed|page) (?:can ?not|can't|could not"
    r"|is not available|isn't available|is no longer available|failed|is unavailable"
    r"|is loading)\b.{0,80}",
    r"(?:please )?(?:enable|turn on|switch on|activate|allow) (?:java ?script|cookies"
    r"|notifications|push notifications)\b.{0,90}",
    r"listen to (?:this )?(?:article|story|episode)\b.{0,30}|listen (?:now|here)|now playing\b"
    r".{0,60}|up next\b.{0,60}|(?:tap|click|press) (?:here )?(?:to|for) (?:un ?mute|play|see|view"
    r"|more|read|enlarge|zoom|open|subscribe|join|sign)\b.{0,70}",
    r"(?:swipe|scroll) (?:left|right|down|up|through|for|to)\b.{0,60}",
    # sign-up forms and their small print
    r"(?:get|receive|have|want) .{0,90}\b(?:to|in|into) your (?:inbox|phone|e-?mail)\b.{0,90}",
    r"(?:please )?(?:enter|type)(?: in)? (?:your|a valid) e-?mail\b.{0,60}|invalid e-?mail.{0,40}",
    r"sign ?up (?:here|now|below|today|for free)|(?:sign ?up|subscribe) (?:here )?(?:for"
    r"|to)\b.{0,80}"
    r"\b(?:newsletters?|briefings?|alerts?|bulletins?|e-?mails?|inbox|updates"
    r"|notifications)\b.{0,60}",
    r"by (?:signing up|clicking|subscribing|submitting|registering|continuing|entering)\b.{0,80}"
    r"(?:agree|accept|consent|privacy|terms)\b.{0,160}",
    r"we(?:'ll| will| may)? (?:use|process) your (?:information|data|details|e-?mail)\b.{0,160}",
    r"(?:read|see|view) (?:our|the) (?:full )?(?:privacy|cookie) (?:policy|notice)\b.{0,60}",
    r"(?:our|read our|see our)? ?(?:privacy (?:policy|notice)|terms of (?:use|service"
    r"))(?: apply| for details)?.{0,30}|do not sell (?:or share )?my.{0,50}|(?:your|manage) "
    r"privacy (?:choices|settings)|(?:t&cs?|terms(?: and conditions)?) apply.{0,40}",
    r"(?:get|receive) (?:our|the) .{0,40}\b(?:round-?up|newsletters?|briefing|alerts|bulletin"
    r"|headlines)"
    r"\b.{0,60}",
    # sharing and following
    rf"(?:share|save|print|email|bookmark|gift)(?: (?:this|the))?(?: article| story| page| post"
    rf"| link)(?:[ :,|/·•]+(?:on|via|with|by|to)?[ ,|/·•]*{_SHARES}){{0,9}}",
    rf"(?:share|tweet|print|comment)(?:[ ,|/·•&]+(?:on |via |and )?{_SHARES}){{1,12}}",
    rf"{_SHARES}(?:[ ,|/·•]+{_SHARES}){{2,12}}",
    rf"(?:follow|like|join|find|subscribe to|connect with) .{{1,40}} (?:on|via)"
    rf" {_NETWORKS}\b.{{0,80}}",
    r"(?:join|follow) (?:our|the) .{0,40}(?:whatsapp|telegram|facebook|discord)\b.{0,80}",
    r"(?:download|get) (?:the|our) (?:free )?(?:[\w' ]{1,30} )?app\b.{0,80}",
    r"(?:add|make|set|choose) .{1,40} (?:a|your) preferred source\b.{0,40}",
    r"have your say(?: in the comments| below){0,2}",
    r"what do you think\? .{0,60}\bcomments?\b.{0,40}|(?:tell us|let us know|have your say)"
    r" .{0,60}\b(?:comments?|below)\b.{0,40}",
    r"(?:do you have|have you got|got|know) (?:a |any |more )?(?:story|stories|news|tips?"
    r"|information|views?|photos?|pictures)\b.{0,80}\b(?:e-?mail|contact|get in touch|call|send"
    r"|whatsapp|let us know)\b.{0,100}",
    r"(?:sign|log) ?in (?:or (?:register|sign up|join) )?to (?:comment|continue|read|save|view"
    r"|join|leave|post|access)\b.{0,60}",
    r"(?:create|open) (?:a|an|your) (?:free )?account(?: to \w{2,12})?\b.{0,40}",
    r"you have (?:reached|hit|used|exceeded) your .{0,20}(?:limit|allowance)\b.{0,80}",
    r"(?:subscribe|join|register)(?: today| now)? (?:to|and|for) (?:continue|unlock|get|read"
    r"|access|enjoy|full|unlimited|just|only)\b.{0,100}",
    # money
    r"(?:your )?capital (?:is )?at risk\b.{0,120}|(?:please )?(?:gamble|bet) (?:responsibly"
    r"|aware)\b.{0,80}|18\+.{0,120}|new customers? only\b.{0,120}|when the fun stops.{0,20}",
    r"(?:for )?over 18s? only\b.{0,60}|(?:match |all |latest )?odds (?:by|from|via"
    r"|correct)\b.{0,60}"
    r"|(?:the )?value of (?:your |any )?investments? (?:can|may|might)\b.{0,100}|past performance"
    r" is"
    r" (?:no|not)\b.{0,80}|this is not (?:financial|investment) advice.{0,40}",
    r"(?:save|get|enjoy|claim) (?:up to )?(?:\d{1,2} ?%|[£$€]\d{1,4})(?: off)? (?:on|off|when"
    r"|with|an?|your"
    r"|our|any|all)\b.{0,120}",
    r".{0,60}\bbet £\d{1,3}\b.{0,20}\bget £\d{1,3}\b.{0,100}",
    r"(?:buy|shop|order|book|pre-?order|get)(?: it)? (?:now|here|yours)\b.{0,80}",
    r"(?:(?:check|view) (?:the )?(?:latest )?|see (?:the )?latest )(?:price|deal|offer)s?(?:"
    r" (?:at|on|here)\b.{0,40})?",
    r".{0,100}[£$€][\d.,]{1,9} ?\((?:rrp|was|save)\b.{0,40}\).{0,30}",
    r"(?:we|i) (?:may|might|could|will|can)? ?(?:also )?(?:earn|receive|get) (?:an? )?(?:small )?"
    r"(?:affiliate )?(?:commission|revenue)\b.{0,160}|(?:if|when) you (?:buy|purchase|click|shop)"
    r"\b.{0,80}\bcommission\b.{0,120}|(?:this|our) (?:article|post|page|story|guide)s? (?:may )?"
    r"(?:contains?|includes?) (?:affiliate|sponsored) links\b.{0,160}",
    r"(?:our )?(?:editors|team|experts|writers) (?:independently )?(?:select|choose"
    r"|pick)s?\b.{0,60}"
    r"(?:products?|items?)\b.{0,120}|prices? (?:(?:is|are|was|were) )?(?:correct|accurate"
    r") (?:as of|at (?:the )?time)\b.{0,60}",
    r"thank(?:s| you) for (?:reading|watching|listening|visiting|being|subscribing|supporting"
    r"|your (?:support|patience|interest|feedback))\b.{0,120}",
    r"your (?:support|contributions?|donations?|subscriptions?|gift|generosity) (?:makes?|helps?"
    r"|matters?|means?|is|are|will|can|counts?|goes|ensures?|protects?|pays?|has)\b.{0,160}",
    r"(?:your )?(?:support|contributions?|donations?|subscriptions?) (?:powers?|keeps?|funds?"
    r"|allows?|enables?) (?:us|our|the [\w ]{2,30}|this|independent)\b.{0,160}",
    r"support (?:us|our (?:work|journalism|newsroom)|independent journalism|local journalism"
    r"|quality journalism)\b.{0,120}|(?:become|join as) a (?:member|supporter|subscriber)"
    r"(?: today| now| for| from| and| of){0,2}(?: [£$€].{0,40})?",
    r"(?:click|tap|scroll|swipe|refresh|log ?in|sign ?in|unmute|download (?:it|now|the app"
    r"|our))\b.{1,120}",
    r"(?:visit|view|check out|head (?:over )?to|go to|read more on) (?:our|the) (?:web ?site|site"
    r"|web ?page"
    r"|homepage|page|app|shop|store|channel|gallery|full)\b.{0,100}",
    r"you (?:can unsubscribe|can opt|may opt|agree|consent|are (?:reading|viewing|using"
    r"|logged))\b.{0,120}",
    r"(?:this is|beginning of|end of) (?:an? )?(?:modal|dialog(?:ue)?) window\b.{0,90}|(?:our|this)"
    r" (?:site|web ?site|app|page|content|feature|embed)\b(?: \w{1,12})? (?:is|uses|requires"
    r"|needs|works"
    r"|contains|has|was|may)\b.{0,100}",
    r"for (?:more|all the latest|the latest|breaking)\b.{0,60}\b(?:visit|follow|subscribe|click"
    r"|sign up"
    r"|download|head to|go to|check)\b.{0,80}",
    # ways around the page
    r"jump to (?:the )?(?:recipe|content|comments?|section|navigation)\b.{0,20}|back to (?:the"
    r" )?top"
    r"|skip to .{2,30}|(?:continue|keep) reading|read (?:the )?(?:full|original) (?:story|article)"
    r"\b.{0,30}|(?:the )?(?:story|article|text|post) continues\b.{0,40}|article continues\b.{0,40}",
    r"(?:click|tap) here(?: (?:to|for)\b.{0,80})?|read more (?:about|on|at|from) (?:this|our|the)"
    r"\b.{0,80}",
    r"(?:this|the) (?:article|story|page|post|piece|report) (?:was|has been|is) (?:first|originally"
    r"|last|previously)? ?(?:published|updated|amended|corrected|syndicated|republished"
    r"|produced|written by|generated|translated)\b.{0,140}",
    r"(?:all|some) (?:rights|images?|photos?) (?:reserved|via|by|courtesy|copyright)\b.{0,60}",
    r"(?:image|photo|picture|video|media|figure) (?:source|caption|credit|copyright|by)\b,?"
    r" .{1,80}",
    r"reporting by [\w .'-]{3,60}(?:[;,] .{0,160})?|additional reporting by .{3,80}|editing by"
    r" .{3,80}",
)
_EN_LINES = (
    r"(?:our |community |the )?comment(?:ing|s)? (?:guidelines|policy|rules|standards)",
    r"\d{1,6} (?:shares?|likes|views|reactions|retweets|replies|photos|images)",
    r"\d{1,2}:\d\d ?[/-] ?\d{1,2}:\d\d|play all|unmute|autoplay.{0,20}|(?:live )?video",
    r"(?:(?:image|photo|slide|picture|gallery) )?\d{1,3} (?:of|/) \d{1,3}(?: \w{5,8})?",
    r"(?:view|open|see|expand|show|close|launch) (?:the |all |image |photo |picture )?(?:gallery"
    r"(?: \(\d{1,3} \w{5,8}\)?)?"
    r"|slideshow|(?:\d{1,3} )?(?:images|photos|pictures)|(?:in )?full ?screen|captions?|more|less"
    r"|menu|video|modal)",
    r"(?:load|show|view|see|read) (?:more|less|all)(?: (?:stories|articles|posts|comments|results"
    r"|news|videos))?|(?:next|previous) (?:article|story|post|page|up)|prev|next",
    r"(?:table of )?contents|(?:on|in) this (?:page|article|story)|menu|search|home|log ?in|sign"
    r" ?in"
    r"|subscribe|register|newsletters?|donate",
    r"home(?: ?[>»\u203a/|] ?[\w &',-]{2,30}){1,5}|[\w &'-]{2,24}(?: ?[>»\u203a] ?[\w"
    r" &',-]{2,30}){1,5}",
    r"(?:topics?|tags?|filed under|posted in|categor(?:y|ies)|more on|keywords|explore more"
    r"|in this story|mentioned in this article) ?[:|].{0,160}",
    r"most (?:viewed|read|popular|shared|commented|watched|recent)(?: .{0,30})?|latest (?:news"
    r"|stories|videos|headlines|updates)|don't miss(?: this)?|must[- ]reads?|trending(?: .{0,20})?"
    r"|popular (?:stories|now|articles|today)|more (?:stories|like this|on this(?: story| topic)?"
    r"|news|coverage|videos)(?: .{0,40})?|(?:you )?(?:might|may) (?:have missed|like)(?: .{0,30})?"
    r"|(?:from )?around the web|from our partners?|top (?:stories|videos|picks)",
    r"(?:just now|(?:an?|\d{1,3}) (?:sec(?:ond)?|min(?:ute)?|h(?:ou)?r|day|week|month)s? ago)",
    r"(?:last )?(?:updated|published|posted)(?: .{0,12})? ?(?:ago|today|yesterday|just now)",
    r"(?:estimated )?(?:reading|read|listening) time ?:? ?.{0,20}|\d{1,3}[ -]?min(?:ute)?s?"
    r" (?:read|listen|watch|to read)",
    r"by [a-z][\w'-]{1,20}(?: [a-z][\w.'-]{0,20}){1,3}(?:,? (?:\w{2,20} ){0,3}(?:reporter|editor"
    r"|correspondent|writer|staff|agency|service|columnist|journalist))?",
    rf"(?:share|tweet|comment|print|{_NETWORKS})",
    r"by [a-z][\w'-]{1,20}(?: [a-z][\w.'-]{1,20}){1,3}(?: and [a-z][\w' -]{3,40})? ?[\u00b7|]"
    r" ?.{1,60}",
    r"read more|(?:more|read) (?:here|on this)|comments?|related(?: (?:stories|articles|content"
    r"|topics|news|links|posts|videos|reading))?|copyright.{0,60}",
    r"(?:getty|afp|pa|ap|reuters|alamy|shutterstock)(?: ?/ ?[\w .'-]{1,40}| images?| media| wire)?",
)
_FR = (
    r"(?:regardez|découvrez|voir|retrouvez) (?:toutes (?:nos|les)|plus de|nos) (?:\w{3,12} )?vidéos"
    r"\b.{0,60}|(?:nous|la rédaction) (?:pouvons|peut|pourrions|pourrait) (?:percevoir|toucher"
    r"|recevoir) (?:une )?(?:petite )?commission\b.{0,120}",
    r"lire (?:la suite|plus|l'article)\b.{0,60}|(?:partager|partagez)(?: .{0,60})?|imprimer"
    r"|commenter|réagir|réagissez|écouter (?:cet |l')article.{0,20}",
    r"(?:abonnez-vous|s'abonner|je m'abonne|se connecter)\b.{0,100}|(?:inscrivez|connectez)-vous\b"
    r".{0,40}\b(?:newsletters?|alertes?|lire|compte|commenter|infolettre)\b.{0,60}",
    r"suivez[- ](?:nous|l'actualité|toute).{0,80}|(?:accepter|refuser|gérer) (?:tous? )?(?:les )?"
    r"cookies.{0,40}|tout accepter|téléchargez (?:notre|l')\s?appli.{0,60}",
    r"crédits? photos?.{0,60}|la rédaction vous (?:conseille|recommande).{0,80}",
    r"cet article (?:vous est offert|est réservé|a été (?:publié|mis à jour)|contient des"
    r" liens).{0,100}",
)
_FR_LINES = (
    r"(?:(?:consultez|lisez|voir|respectez) )?(?:(?:nos|les|notre|la) )?(?:règles|charte"
    r"|conditions) (?:de modération|des commentaires|de publication|d'utilisation)"
    r"(?: des commentaires)?",
    r"temps de lecture.{0,30}|lecture \d{1,3} min.{0,10}|(?:publié|mis à jour|modifié) (?:le|à|il y"
    r" a|hier|aujourd'hui).{0,60}|(?:tags?|mots[- ]clés|thèmes?|rubrique) ?:.{0,120}"
    r"|(?:sur le même (?:thème|sujet)|à lire|à voir|voir aussi|nos vidéos|en images"
    r"|les plus (?:lus|vus)|à la une|newsletters?)(?: .{0,60})?|photo (?:dr|d'illustration"
    r"|archives?)"
    r"|contenu sponsorisé|par [\w'-]{2,20} [\w'-]{2,20}",
)
_DE = (
    r"(?:sehen|schauen|entdecken) sie (?:weitere|mehr|alle|unsere) (?:\w{3,12} )?videos\b.{0,60}"
    r"|(?:bei|für) (?:einem|einen|ihren|ihrem) kauf (?:über .{2,40} )?(?:erhalten|bekommen) wir\b"
    r".{0,100}|wir (?:erhalten|bekommen) .{0,60}\bprovision\b.{0,60}",
    r"(?:jetzt )?weiterlesen(?: .{0,60})?|mehr (?:lesen|erfahren|dazu|anzeigen)"
    r"(?: (?:sie|hier|im video|in der app|auf [\w.]{2,30})){0,2}"
    r"|(?:artikel|beitrag) (?:anhören|teilen|merken|drucken|vorlesen|empfehlen).{0,30}",
    r"jetzt (?:abonnieren|anmelden|registrieren|testen|bestellen)(?: .{0,80})?|abonnieren|anmelden"
    r"|(?:abonnieren|folgen|melden|registrieren) sie\b.{0,60}\b(?:newsletter|kanal|whatsapp|uns|auf"
    r" (?:facebook|instagram|x|twitter))\b.{0,60}",
    r"(?:auf|bei|via|per) (?:facebook|twitter|x|whatsapp|e-?mail) teilen|(?:alle )?cookies (?:"
    r"akzeptieren|ablehnen|verwalten)|alle akzeptieren|(?:bitte )?aktivieren sie javascript.{0,40}",
    r"der artikel (?:wurde|erschien|ist zuerst).{0,100}|dieser artikel enthält .{0,20}links.{0,80}",
    r"an dieser stelle (?:finden sie|steht|sehen sie).{0,120}|externe[nr]? inhalte?\b.{0,80}",
)
_DE_LINES = (
    r"(?:bitte beachten sie )?(?:unsere |die )?(?:netiquette|kommentar(?:regeln|richtlinien)"
    r"|diskussionsregeln)",
    r"lesezeit.{0,30}|\d{1,3} min\.? lesezeit|(?:stand|aktualisiert|veröffentlicht"
    r"|erstellt)\b.{0,24}"
    r"\d.{0,30}|(?:themen|schlagwörter|tags|mehr zum thema|meistgelesen|auch interessant"
    r"|das könnte sie (?:auch )?interessieren|passend dazu|empfohlen(?:er)? .{0,30}"
    r"|neueste artikel|zur startseite|nach oben|teilen|drucken|kommentare?|merken|startseite)"
    r"(?: ?:.{0,100}| \(\d{1,4}\))?|von [\w'-]{2,20} [\w'-]{2,20}",
)
_ES = (
    r"(?:vea|ve|mira|mire|descubre) (?:más|todos nuestros|todos los|nuestros) (?:\w{3,12} )?vídeos"
    r"\b.{0,60}|(?:podemos|podríamos|nos) (?:recibir|llevar|llevamos|ganar|cobrar|obtener)"
    r" (?:una )?(?:pequeña )?comisión\b.{0,120}",
    r"(?:seguir|sigue|siga|continuar) leyendo.{0,60}|leer (?:más|el artículo).{0,60}|(?:compartir"
    r"|comparte|imprimir|guardar)(?: .{0,60})?|escuchar (?:el |este )?artículo.{0,20}",
    r"(?:suscríbete|suscríbase|inicia sesión|hazte (?:socio|suscriptor))\b.{0,100}|(?:regístrate"
    r"|regístrese|únete)\b.{0,40}\b(?:leer|seguir|boletín|newsletter|canal|continuar)\b.{0,60}"
    r"|síguenos (?:en)?.{0,60}|sigue .{2,40} en (?:facebook|twitter|x|whatsapp"
    r"|google|instagram).{0,40}|(?:aceptar|rechazar|gestionar) (?:todas? )?(?:las )?cookies.{0,40}",
    r"descarga (?:nuestra|la) app.{0,60}|(?:haz|haga) clic aquí.{0,60}|este artículo (?:contiene"
    r"|se publicó|fue publicado|ha sido).{0,100}",
)
_ES_LINES = (
    r"(?:(?:consulte|consulta|lea|lee) )?(?:nuestras |las )?normas (?:de (?:la comunidad"
    r"|participación|uso|los comentarios)|para comentar)",
    r"tiempo de lectura.{0,30}|lectura de \d{1,3} min.{0,10}|\d{1,3} min(?:utos)? de lectura"
    r"|(?:actualizado|publicado|modificado)\b.{0,24}\d.{0,30}|(?:archivado en|etiquetas|temas"
    r"|más (?:en|sobre|noticias|información)|(?:noticias|contenidos?|temas?|artículos?)"
    r" relacionad[oa]s"
    r"|lo más (?:leído|visto)|le recomendamos|te recomendamos|ver (?:más|comentarios|galería)"
    r"|comentarios|contenido patrocinado)(?: ?:?.{0,80})?|por [\w'-]{2,20} [\w'-]{2,20}",
)
_CY = (
    r"(?:gwyliwch|gweler) (?:ragor o|mwy o|ein) (?:\w{3,12} )?fideos?\b.{0,60}",
    r"darllen(?:wch)? (?:mwy|hefyd|rhagor|ymlaen).{0,120}|(?:rhannu|rhannwch|argraffu)(?: .{0,60})?"
    r"|(?:tanysgrifiwch|tanysgrifio|mewngofnodwch|mewngofnodi)\b.{0,100}"
    r"|(?:cofrestrwch|ymunwch)\b.{0,40}\b(?:cylchlythyr|sianel|whatsapp)\b.{0,60}"
    r"|dilynwch (?:ni|ein).{0,60}|derbyn (?:pob )?cwcis?.{0,30}|cliciwch (?:yma|fan hyn).{0,60}"
    r"|gwrando ar yr (?:erthygl|stori).{0,20}",
    r"ffynhonnell y llun.{0,60}|mae'r (?:erthygl|stori) hon yn parhau.{0,60}",
)
_CY_LINES = (
    r"(?:darllenwch )?(?:ein |y )?(?:canllawiau|rheolau) (?:sylwadau|sylwi|trafod)",
    r"hysbyseb(?:ion)?|(?:cyhoeddwyd|diweddarwyd)\b.{0,60}|straeon (?:perthnasol|tebyg"
    r"|cysylltiedig|poblogaidd|eraill).{0,40}|mwy (?:o straeon|ar y stori|fel hyn).{0,40}"
    r"|llun:.{0,60}"
    r"|sylwadau|gadael sylw|yn ôl i'r brig|pynciau.{0,60}|\d{1,3} munud o ddarllen|amser"
    r" darllen.{0,20}",
)
_AR = (
    r"(?:شاهد|شاهدوا) (?:المزيد من|جميع|كل) (?:\w{2,12} )?(?:ال)?فيديو\w{0,6}.{0,60}"
    r"|قد نحصل على عمولة.{0,120}",
    r"(?:اقرأ|إقرأ|اقرا|شاهد|طالع)(?:وا)? (?:أيض\w{1,2}|ايضا|المزيد|كذلك).{0,120}|للمزيد.{0,60}"
    r"|(?:تابعنا|تابعونا)\b.{0,80}|(?:اشترك|انضم|سجل)(?:وا)? (?:الآن|(?:في|إلى) (?:نشرت|قنات"
    r"|النشرة|القناة)).{0,60}|شارك(?:وا)? (?:هذا )?(?:المقال|الخبر).{0,40}|تابع القراءة.{0,30}"
    r"|(?:اضغط|انقر) هنا.{0,60}|(?:جميع )?حقوق (?:النشر|الطبع).{0,60}|جميع الحقوق محفوظة.{0,40}"
    r"|قبول (?:جميع |كل )?ملفات.{0,40}|استمع إلى (?:المقال|الخبر|هذا).{0,30}|حمل(?:وا)?"
    r" (?:ال)?تطبيق.{0,40}",
)
_AR_LINES = (
    r"(?:اقرأ )?(?:قواعد|سياسة|شروط|ضوابط) (?:التعليق|التعليقات|المشاركة|النشر)",
    r"إعلان(?:ات)?|اعلان|مادة إعلانية|محتوى (?:ممول|إعلاني)|(?:مواضيع|أخبار|مقالات) (?:ذات صلة"
    r"|متعلقة|مشابهة).{0,40}|قد يعجبك.{0,40}|الأكثر (?:قراءة|مشاهدة|تداولا)|آخر تحديث.{0,60}"
    r"|نشرت? (?:في|بتاريخ).{0,20}\d.{0,40}|(?:مدة|وقت) القراءة.{0,30}|المصدر ?:.{0,60}|تعليقات"
    r"|التعليقات"
    r"|أضف تعليق\w{0,2}|طباعة|مشاركة|(?:كلمات مفتاحية|وسوم) ?:?.{0,80}",
)

SENTENCES = (*_EN, *_FR, *_DE, *_ES, *_CY, *_AR)
LINES = (*_EN_LINES, *_FR_LINES, *_DE_LINES, *_ES_LINES, *_CY_LINES, *_AR_LINES)
