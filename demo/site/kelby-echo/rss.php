<?xml version="1.0"?>
<rss version="2.0">
<channel>
<title>Kelby Echo</title>
<link>{{SITE}}/</link>
<description>News & views from Kelby Sands</description>
<item>
<title>Rigby & Daughters named best chip shop on the coast</title>
<link>{{SITE}}/article.php?id=2210</link>
<pubDate>{{AT -3h rfc822}}</pubDate>
<description>Rigby & Daughters of Kelby Sands has won the Coast Fryers' Cup for the second time.</description>
<enclosure url="{{SITE}}/photos/chips.png" type="image/png" length="5057"/>
</item>
<item>
<title>Lifeboat crew rescues 14 sheep from Gull Rock</title>
<link>{{SITE}}/article.php?id=2211</link>
<pubDate>{{AT -5h rfc822}}</pubDate>
<description>Volunteers of the Kelby lifeboat brought 14 sheep off Gull Rock after the tide had cut them off.</description>
</item>
<item>
<title>HOURLY FERRIES ALL WINTER</title>
<link>{{SITE}}/article.php?id=2207</link>
<pubDate>{{AT -4h rfc822}}</pubDate>
<description>Ferries & buses: all the new times</description>
</item>
<item>
<title>Knit & natter moves to the lifeboat station</title>
<link>{{SITE}}/article.php?id=22