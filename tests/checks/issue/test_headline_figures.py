"""A figure of a headline that its own summary gives otherwise, and figures that only look so."""

from dataclasses import replace

from check_samples import LEAD, NEWSLETTER, found, paragraph, request_for, with_story

from newsletter.checks.issue.headline_figures import other_figures
from newsletter.model.finding import Severity

SLIPS = """
Council to spend £4 million on new bridge
    The council will spend £5 million on a bridge over the river, it said on Monday.
£4 million bridge opens
    The £5 million bridge over the Wye opened on Sunday, two years late.
Water firm fined £4m
    The water company was fined £5 million for letting sewage into the river.
Rents up 4%
    Rents rose by 5 per cent in the year to October, and most in Leeds.
Four people killed in crash
    Five people were killed when a lorry hit a bus near Hull.
Factory fire kills four people
    A fire at a clothing factory killed five people on Monday, police said.
Charity walk raises £4,000 for hospice
    The walk raised £5,000 for the hospice, its organisers said.
Bridge to cost £4 million
    The new bridge will cost £5 million, councillors were told.
Theatre wins £2m grant
    The theatre has won a £3 million grant to repair its roof.
Museum buys 30 paintings by Lowry
    The museum has bought 13 paintings by L. S. Lowry from a collector.
Bank cuts 4,000 jobs
    The bank will cut 400 jobs in Britain, it told staff.
Town to plant 2,000 trees
    The town will plant 200 trees along the river next spring.
Lottery winner gives £3 million to hospital
    A lottery winner has given £2 million to the hospital where she was born.
Turnout falls to 43%
    Turnout fell to 34 per cent, the lowest in a generation.
Firm to build 600 homes on old airfield
    The firm will build 900 homes on the airfield, and a school.
Company pays $12m for rival
    The company paid $21 million for its rival, it told the stock exchange.
Police seize 40 guns in raid
    Police seized 14 guns when they raided a farm near Kidderminster.
Twelve schools to close
    Ten schools will close in the county by 2028, councillors decided.
£6bn rail line approved
    The £8 billion rail line was approved by ministers on Thursday.
Aid worth €300m for farmers
    Farmers will get aid worth €200 million from Brussels.
Fare rise of 8% for rail passengers
    Rail passengers face a fare rise of 6 per cent in March.
Strike cancels 300 flights
    The strike has cancelled 200 flights from Paris and Lyon.
Council to close six libraries
    Seven libraries will close in the borough by spring, the council decided.
Hospital trust loses £11m
    The hospital trust lost £17 million in the year to April.
Train fares rise 4.6%
    Train fares will rise by 6.4 per cent in March.
Google fined €2.4bn
    Google was fined €4.2 billion by the European Commission on Tuesday.
Tesco to cut 400 jobs
    Tesco will cut 600 jobs at its head office by June.
Airport to handle 25m passengers
    The airport will handle 52 million passengers once its runway is built.
Storm leaves 3,000 homes without power
    The storm left 5,000 homes without power in Cornwall.
Village raises £9,000 for bell
    The village has raised £6,000 for a new bell.
Police arrest 12 protesters
    Police arrested 21 protesters outside the embassy.
Farm fined £30,000 over death
    The farm was fined £20,000 over the death of a worker.
"""
HONEST = """
Council to spend £4 million on new bridge
    The council will spend £3.97 million on a bridge over the river.
Council to spend £4 million on new bridge
    The council will spend £4.4 million on a bridge over the river.
Council to spend nearly £4 million on bridge
    The council will spend £3.6 million on a bridge over the river.
Museum saved by £4m grant
    The museum, which costs £5 million a year to run, was saved by a grant.
Museum wins £4m grant
    The museum, built for £5 million in 1990, has won a grant from the lottery.
Water firm fined £4m
    The water firm made £5 million in profit and must now pay for the sewage it spilt.
Water firm fined £4m
    The firm was fined £2.5 million for the river and £1.5 million for the beach.
Council tax up 4%
    Council tax will rise by £50 on a typical home, and by £75 on a larger one.
Council tax up 4%
    Council tax rises to 5 per cent of the average wage.
Rates cut to 4%
    The Bank cut rates by 0.25 percentage points, the third cut this year.
Rents up 4%
    Rents now take 5 per cent more of wages than before the war.
Four people killed in crash
    A lorry hit a bus near Hull. Five people were taken to hospital.
Four people killed in crash
    Three women and a man were killed when a lorry hit a bus; five people were hurt.
Nine people hurt in crash
    Four people were hurt in a bus and five people in a lorry.
Two survive crash
    Three of five people on board were killed, and the others swam ashore.
Two win, one loses
    Five of the eight seats were won by women, three by men.
One in five pupils misses school
    A fifth of pupils missed six weeks of school last year.
Two thirds of voters want change
    Of 1,200 voters asked, 67 per cent wanted a change.
Jailed for 10 years
    A man who abused patients for 3 years has been jailed for a decade.
First win in 10 years
    United won for the first time since 2016, after six draws.
Man, 62, wins race
    A man of sixty-two won the race in 34 minutes.
Girl, 9, swims Channel
    A girl of ten held the record until Maya, who is nine, swam the Channel.
Budget 2026: five things to know
    Fuel duty is frozen, 3 taxes rise and two benefits fall.
Seven ways to cook leeks
    Our cook has three recipes for soup, two for tarts and more.
United 2-1 City
    Two goals in the last ten minutes won it for United before 40,000 people.
£30 a week more for carers
    Carers will get £1,560 a year more from April.
Carers get £30 more
    Carers will get £120 a month, up from £90.
120 jobs go at Leeds factory
    The factory employs 210 people; more than half of the jobs will go.
120 jobs go at Leeds factory
    The factory, which has 300 jobs in Leeds, will close one of its two lines.
120 jobs saved
    A buyer will keep 120 of the 300 jobs at the factory.
50 planes ordered
    The airline ordered 30 planes from Airbus and 20 from Boeing.
Museum shows 30 paintings by Lowry
    The museum owns 40 paintings by Lowry, and shows those of his last years.
Town to plant 2,000 trees
    The town felled 1,500 trees after the storm and will now replace them.
Bank cuts 4,000 jobs
    The bank, which cut 6,000 jobs last year, said that the new cuts would come by June.
£4m pledged for flood victims
    Ministers have promised £2 million now and £2 million in spring.
£20m for school roofs
    The money will mend 60 schools; 15 schools in Kent get £5 million of it.
Half a million sign petition
    The petition had 512,000 names by Sunday.
Hundreds march
    About 400 people marched through Hull.
Dozens of homes flooded
    Some 36 homes were flooded when the river rose.
Three dead as storm hits coast
    The storm killed two men at sea and a woman whose car was hit by a tree.
Deficit halves
    The deficit fell from £8bn to £4bn.
Profits at Tesco rise 10%
    Profits rose to £3.1 billion from £2.8 billion, beating forecasts.
Shares fall 5% after warning
    Shares fell 6% in early trading before they recovered a little.
Ten-year plan for buses
    The plan brings 200 buses by 2030 and 400 more by 2036.
Ship with 22 crew sinks
    A ship with twenty-two crew sank; 18 were saved, four are missing.
Over 1,000 flats to be built
    The 1,048 flats will stand by the canal.
A million visitors at zoo
    The zoo had 1.04 million visitors in 2025.
Fish prices double to £8
    A kilo of cod, £4 a year ago, now costs £8.20.
Fuel duty cut by 5p
    The cut takes 6p off a litre once VAT is counted.
World's oldest woman turns 117
    She was born in 1909 and has 12 great-grandchildren.
£100m stadium plan backed
    The club will pay £80 million for the stadium, and the council £20 million.
£100m stadium plan backed
    The club will pay £60 million towards the stadium; a bank lends it the rest.
£250,000 reward in Banksy theft
    The reward, raised from £200,000, is paid for word of the painting.
Sixteen held after riot
    Police held 16 people; 11 people were charged.
Six ships attacked in strait
    Ten ships have passed through the strait since Monday without harm.
Storm leaves 18,000 homes dark
    Of 25,000 homes cut off, 7,000 had power again by night.
MPs vote 310 to 280 for bill
    The bill passed with a majority of 30 votes.
Hotel sold for £9m
    The hotel, bought for £7 million in 2019, has been sold to a chain.
Village raises £9,000 for bell
    The village hoped for £7,000 and got more.
Village raises £9,000 for bell
    A new bell costs £12,000; the village has raised three quarters of it.
Vaccine 90% effective in trial
    The vaccine kept 95 per cent of nurses from falling ill for a month; over a year it was less.
Support for Labour drops to 25%
    Labour stands at 25 points, down 3, and Reform at 28 per cent.
Rents up 4%
    Wages rose by 5 per cent in the year to October, and rents by as much as inflation.
Turnout falls to 43%
    Turnout was 61 per cent in 2021. It fell in every ward but one this time.
Turnout falls to 43%
    In Leeds, turnout fell to 34 per cent. Elsewhere more people voted.
Airline orders 50 planes
    The airline flies 80 planes now. The order is its biggest yet.
Town to plant 2,000 trees
    A first 500 trees will be planted by schools this winter.
Twelve schools to close
    The ten schools in the north of the county stay open.
Bus fare to stay £2
    The fare was to rise to £3 in January.
Energy cap rises to £1,800
    A typical bill will rise by £120 from January.
Minimum wage to reach £13
    The minimum wage goes up by 60p to £12.80 in April and reaches £13 a year later.
Sales rise 4% at grocer
    Sales rose 6% online and 1% in shops, the grocer said.
Sales rise 4% at grocer
    The grocer's profit rose 6 per cent.
Inflation falls to 3%
    Food prices rose 5 per cent, the least in a year.
Inflation falls to 3%
    Inflation was 3.4 per cent in September.
Charity raises £10m for Ukraine
    The charity has raised £12 million for Sudan too.
Hospital needs 200 nurses
    The hospital has 150 nurses fewer than it needs, a report says.
Hospital needs 200 nurses
    The hospital hired 150 nurses in spring.
Ferry firm sacks 800 sailors
    The firm, which employs 1,000 sailors, told them in a video call.
Rail firm to hire 500 drivers
    The firm hired 300 drivers in 2025 and lost as many.
5,000 runners in marathon
    Of the runners, 4,200 runners finished and one was married on the way.
Fire destroys 40 homes
    Firefighters saved 60 homes on the hill.
Fire destroys 40 homes
    The fire has destroyed 25 homes in Ashby and more in the valley.
Nurses win 5% rise
    Nurses had asked for a rise of 8 per cent.
Nurses offered 5% rise
    Doctors were offered a rise of 6 per cent in spring.
Two children rescued from river
    Five people jumped in to save them; both are well.
Farm sells 3,000 turkeys
    The farm has 4,000 turkeys and hopes to sell them all by Friday.
Cinema reopens after £3m refit
    The cinema cost £2 million to build in 1937 in today's money.
Cinema reopens after £3m refit
    It took 14 months and £2 million from the lottery.
Oil at $61 a barrel
    Brent fell by $2 to $61.40.
Oil falls to $61
    Oil stood at $75 in spring.
Cathedral seeks £8m for roof
    The cathedral has £5 million for the roof so far.
Cathedral seeks £8m for roof
    A fund for the roof has raised £5 million.
Judges award family £2m
    The family had been offered £1.5 million by the hospital.
Team of 15 climbs K2
    Twelve climbers of the team reached the top on Friday.
Man steals 12 bikes
    Police found 9 bikes in a garage in Hove.
Quake kills 60 in Peru
    Rescuers have found 43 bodies so far.
Quake kills 60 people in Peru
    The quake killed 43 people in Lima alone.
Tesco to cut 400 head office jobs
    The supermarket employs 330,000 people in Britain and says that 400 posts will go by June.
Ambulance crews to strike for 48 hours
    Crews at nine trusts walk out on Monday; 10,000 workers belong to the union.
NHS waiting list hits 7.4m
    Some 6.2 million people are on the list, many for more than one treatment.
Flood defences to cost £90m
    The Environment Agency will pay £60 million and the council the rest.
Ten pubs close a week
    More than 500 pubs closed last year, the trade says.
Man wins £1m on scratchcard
    He spent £5 on the card at a petrol station in Derby.
£1.5m fine for dumping sewage
    Southern dumped 12 million litres in a creek in 2021 and must pay in full.
Train fares rise 4.6%
    Season tickets from Reading to London will cost £250 more a year.
UK economy grows 0.3%
    Services grew 0.4 per cent, while building shrank 0.2 per cent.
Bus driver saves 30 children
    The driver stopped the burning bus and led all the children out; two pupils were hurt.
Scientists count 1,200 new beetles
    Half of the beetles come from one valley in Ecuador, where 640 were found.
House prices fall for third month
    The average home cost £268,000 in May, £2,000 less than in April.
Google fined €2.4bn
    The fine is the largest yet, after one of €1.8 billion for Apple.
School raises £12,000 for minibus
    Pupils ran 26 miles in relay and sold 900 cakes.
Four arrested over museum theft
    Police arrested two men in Paris on Monday and two in Lyon on Tuesday.
Ferry sinks with 70 aboard
    Rescuers pulled 52 people from the water by dusk.
City sign striker for £40m
    The striker, 23, scored 18 goals for Porto and will earn £200,000 a week.
Village of 300 gets fibre
    Each of the 140 homes paid £50 towards the cable.
Vaccine trial to recruit 2,000 people
    The first 150 people were given a dose in March.
Council to close six libraries
    The borough has 14 libraries and wants volunteers to run two more.
Electric car sales up 20%
    One in four cars sold in May was electric, up from one in five.
Cathedral to sell 50 silver pieces
    Experts value the silver at £2 million; 12 pieces stay on show.
Farm fined £30,000 over worker's death
    The firm must also pay £12,000 in costs.
Firefighters called to 40 blazes
    Crews in Kent alone dealt with 25 blazes.
Airport to handle 25m passengers
    It handled 18 million passengers in 2024.
Hospital trust loses £11m
    The trust had planned a loss of £8 million.
Marathon draws 20,000
    Runners from 61 countries raised £3 million.
MPs to get 3% pay rise
    Nurses were given 5 per cent.
Theatre cuts ticket prices by 10%
    The cheapest seat will cost £9 and the dearest £45.
Wales to plant 86m trees
    By 2030 it wants 43,000 hectares of woods.
Bank of England lifts rates to 5%
    It had been at 4.75 per cent since May.
Petrol falls below £1.40
    A litre cost £1.52 in spring.
Seven held after football violence
    Police want to speak to 15 more men.
Report finds 200 unsafe bridges
    Of 1,100 bridges looked at, 200 are unsafe and 40 will close.
Town hall clock stops after 150 years
    The clock of 1874 will be mended for £60,000.
"""


def pairs(text: str) -> list[tuple[str, str]]:
    lines = [line.strip() for line in text.strip().splitlines()]
    return list(zip(lines[::2], lines[1::2], strict=True))


def test_another_figure_of_the_same_thing_is_told() -> None:
    assert [pair for pair in pairs(SLIPS) if not list(other_figures(*pair))] == []


def test_what_is_rounded_added_up_or_of_another_thing_is_not_told() -> None:
    told = [(pair, list(other_figures(*pair))) for pair in pairs(HONEST)]
    assert [one for one in told if one[1]] == []


def test_it_is_a_warning_on_the_headlines_line_in_english_alone() -> None:
    headline, summary = pairs(SLIPS)[0]
    story = replace(LEAD, headline=headline, summary=(paragraph(summary, line=16),))
    request = request_for(with_story(story))
    finding = found(request, "S29")[-1]  # the one before tells of the subject
    assert (finding.severity, finding.line) == (Severity.WARNING, LEAD.line)
    assert finding.message == "a headline gives another figure than its summary"
    assert finding.evidence == "£4 million here, £5 million under it"
    welsh = replace(request, newsletter=replace(NEWSLETTER, language="cy"))
    assert finding.message not in [other.message for other in found(welsh, "S29")]
