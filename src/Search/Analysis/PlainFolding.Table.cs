namespace AiPlatform.Search.Analysis;

internal static partial class PlainFolding
{
    /// <summary>The canonical compositions of Unicode that are lower case: a mark's code, then pairs of a letter and the letter with the mark.</summary>
    private const string Compositions = """
        0300 aàeèiìoòuùüǜnǹеѐиѝēḕōṑwẁâầăằêềôồơờưừyỳἀἂἁἃἐἒἑἓἠἢἡἣἰἲἱἳὀὂὁὃὐὒὑὓὠὢὡὣαὰεὲηὴιὶοὸυὺωὼϊῒϋῢ
        0301 aáeéiíoóuúyýcćlĺnńrŕsśzźüǘgǵåǻæǽøǿϊΐαάεέηήιίϋΰοόυύωώϒϓгѓкќçḉēḗïḯkḱmḿõṍōṓpṕũṹwẃâấăắêếôốơớưứἀἄἁἅἐἔἑἕἠἤἡἥἰἴἱἵὀὄὁὅὐὔὑὕὠὤὡὥ
        0302 aâeêiîoôuûcĉgĝhĥjĵsŝwŵyŷzẑạậẹệọộ
        0303 aãnñoõiĩuũvṽâẫăẵeẽêễôỗơỡưữyỹ
        0304 aāeēiīoōuūüǖäǟȧǡæǣǫǭöȫõȭȯȱyȳиӣуӯgḡḷḹṛṝαᾱιῑυῡ
        0306 aăeĕgğiĭoŏuŭийуўжӂаӑеӗȩḝạặαᾰιῐυῠ
        0307 cċeėgġzżaȧoȯbḃdḋfḟhḣmṁnṅpṗrṙsṡśṥšṧṣṩtṫwẇxẋyẏſẛ
        0308 aäeëiïoöuüyÿιϊυϋϒϔеёіїаӓәӛжӝзӟиӥоӧөӫэӭуӱчӵыӹhḧõṏūṻwẅxẍtẗ
        0309 aảâẩăẳeẻêểiỉoỏôổơởuủưửyỷ
        030A aåuůwẘyẙ
        030B oőuűуӳ
        030C cčdďeělľnňrřsštťzžaǎiǐoǒuǔüǚgǧkǩʒǯjǰhȟ
        030F aȁeȅiȉoȍrȑuȕѵѷ
        0311 aȃeȇiȋoȏrȓuȗ
        0313 αἀεἐηἠιἰοὀυὐωὠρῤ
        0314 αἁεἑηἡιἱοὁυὑωὡρῥ
        031B oơuư
        0323 bḅdḍhḥkḳlḷmṃnṇrṛsṣtṭvṿwẉzẓaạeẹiịoọơợuụưựyỵ
        0324 uṳ
        0325 aḁ
        0326 sștț
        0327 cçgģkķlļnņrŗsştţeȩdḑhḩ
        0328 aąeęiįuųoǫ
        032D dḓeḙlḽnṋtṱuṷ
        032E hḫ
        0330 eḛiḭuṵ
        0331 bḇdḏkḵlḻnṉrṟtṯzẕhẖ
        0342 ἀἆἁἇἠἦἡἧἰἶἱἷὐὖὑὗὠὦὡὧαᾶηῆιῖϊῗυῦϋῧωῶ
        0345 ἀᾀἁᾁἂᾂἃᾃἄᾄἅᾅἆᾆἇᾇἠᾐἡᾑἢᾒἣᾓἤᾔἥᾕἦᾖἧᾗὠᾠὡᾡὢᾢὣᾣὤᾤὥᾥὦᾦὧᾧὰᾲαᾳάᾴᾶᾷὴῂηῃήῄῆῇὼῲωῳώῴῶῷ
        0653 اآ
        0654 اأوؤيئەۀہۂےۓ
        0655 اإ
        093C नऩरऱळऴ
        0BD7 ஒஔ
        102E ဥဦ
        1B35 ᬅᬆᬇᬈᬉᬊᬋᬌᬍᬎᬑᬒ
        3099 かがきぎくぐけげこごさざしじすずせぜそぞただちぢつづてでとどはばひびふぶへべほぼうゔゝゞカガキギクグケゲコゴサザシジスズセゼソゾタダチヂツヅテデトドハバヒビフブヘベホボウヴワヷヰヸヱヹヲヺヽヾ
        309A はぱひぴふぷへぺほぽハパヒピフプヘペホポ
        """;

    /// <summary>What the half-width katakana from U+FF66 on stand for.</summary>
    private const string Katakana = "ヲァィゥェォャュョッーアイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワン";
}
