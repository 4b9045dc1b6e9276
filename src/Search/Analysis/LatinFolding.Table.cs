namespace AiPlatform.Search.Analysis;

internal static partial class LatinFolding
{
    /// <summary>
    /// What is written, then every character that is written so: the NFKD decompositions of the Basic Multilingual Plane that are ASCII letters or
    /// digits once marks are dropped, lower-cased, with the letters that do not decompose (ß, æ, ø, ł …). Not in it: ™, ℠, ª, º, fractions, which part words.
    /// A table and not <see cref="string.Normalize()"/>: that does nothing under globalization-invariant mode, and terms must not depend on the host.
    /// </summary>
    private const string Table = """
        0 ⁰₀⓪０  1 ¹₁①１  10 ⑩  11 ⑪  12 ⑫  13 ⑬  14 ⑭  15 ⑮  16 ⑯  17 ⑰  18 ⑱  19 ⑲  2 ²₂②２  20 ⑳  21 ㉑  22 ㉒  23 ㉓  24 ㉔  25 ㉕  26 ㉖  27 ㉗  28 ㉘  29 ㉙  3 ³₃③３
        30 ㉚  31 ㉛  32 ㉜  33 ㉝  34 ㉞  35 ㉟  36 ㊱  37 ㊲  38 ㊳  39 ㊴  4 ⁴₄④４  40 ㊵  41 ㊶  42 ㊷  43 ㊸  44 ㊹  45 ㊺  46 ㊻  47 ㊼  48 ㊽  49 ㊾  5 ⁵₅⑤５  50 ㊿  6 ⁶₆⑥６
        7 ⁷₇⑦７  8 ⁸₈⑧８  9 ⁹₉⑨９  a ÀÁÂÃÄÅàáâãäåĀāĂăĄąǍǎǞǟǠǡǺǻȀȁȂȃȦȧᴬᵃḀḁẠạẢảẤấẦầẨẩẪẫẬậẮắẰằẲẳẴẵẶặₐⒶⓐＡａ  ae ÆæǼǽ  au ㍳  b ᴮᵇḂḃḄḅḆḇℬⒷⓑＢｂ  bar ㍴  bq ㏃
        c ÇçĆćĈĉĊċČčᶜḈḉℂℭⅭⅽⒸⓒꟲＣｃ  cal ㎈  cc ㏄  cd ㏅  cm ㎝  cm2 ㎠  cm3 ㎤  d ÐðĎďĐđᴰᵈḊḋḌḍḎḏḐḑḒḓⅅⅆⅮⅾⒹⓓＤｄ  da ㍲  db ㏈  dl ㎗  dm ㍷  dm2 ㍸  dm3 ㍹  dz ǄǅǆǱǲǳ
        e ÈÉÊËèéêëĒēĔĕĖėĘęĚěȄȅȆȇȨȩᴱᵉḔḕḖḗḘḙḚḛḜḝẸẹẺẻẼẽẾếỀềỂểỄễỆệₑℯℰⅇⒺⓔＥｅ  erg ㋍  ev ㋎  f ᶠḞḟℱⒻⓕꟳＦｆ  fax ℻  ff ﬀ  ffi ﬃ  ffl ﬄ  fi ﬁ  fl ﬂ  fm ㎙
        g ĜĝĞğĠġĢģǦǧǴǵᴳᵍḠḡℊⒼⓖＧｇ  gal ㏿  gb ㎇  ghz ㎓  gpa ㎬  gy ㏉  h ĤĥĦħȞȟʰᴴḢḣḤḥḦḧḨḩḪḫẖₕℋℌℍℎⒽⓗＨｈ  ha ㏊  hg ㋌  hp ㏋  hpa ㍱  hz ㎐
        i ÌÍÎÏìíîïĨĩĪīĬĭĮįİıǏǐȈȉȊȋᴵᵢḬḭḮḯỈỉỊịⁱℐℑℹⅈⅠⅰⒾⓘＩｉ  ii Ⅱⅱ  iii Ⅲⅲ  ij Ĳĳ  in ㏌  iu ㍺  iv Ⅳⅳ  ix Ⅸⅸ  j ĴĵǰʲᴶⅉⒿⓙⱼＪｊ  k ĶķǨǩᴷᵏḰḱḲḳḴḵₖⓀⓚＫｋ  ka ㎄  kb ㎅  kcal ㎉
        kg ㎏  khz ㎑  kk ㏍  kl ㎘  km ㎞㏎  km2 ㎢  km3 ㎦  kpa ㎪  kt ㏏  kv ㎸  kw ㎾  l ĹĺĻļĽľŁłˡᴸḶḷḸḹḺḻḼḽₗℒℓⅬⅼⓁⓛＬｌ  lj Ǉǈǉ  lm ㏐  ln ㏑  log ㏒  ltd ㋏  lx ㏓
        m ᴹᵐḾḿṀṁṂṃₘℳⅯⅿⓂⓜＭｍ  m2 ㎡  m3 ㎥  ma ㎃  mb ㎆㏔  mg ㎎  mhz ㎒  mil ㏕  ml ㎖  mm ㎜  mm2 ㎟  mm3 ㎣  mol ㏖  mpa ㎫  ms ㎳  mv ㎷㎹  mw ㎽㎿
        n ÑñŃńŅņŇňŊŋǸǹᴺṄṅṆṇṈṉṊṋⁿₙℕⓃⓝＮｎ  na ㎁  nf ㎋  nj Ǌǋǌ  nm ㎚  no №  ns ㎱  nv ㎵  nw ㎻
        o ÒÓÔÕÖØòóôõöøŌōŎŏŐőƠơǑǒǪǫǬǭǾǿȌȍȎȏȪȫȬȭȮȯȰȱᴼᵒṌṍṎṏṐṑṒṓỌọỎỏỐốỒồỔổỖỗỘộỚớỜờỞởỠỡỢợₒℴⓄⓞＯｏ  oe Œœ  ov ㍵  p ᴾᵖṔṕṖṗₚℙⓅⓟＰｐ  pa ㎀㎩  pc ㍶  pf ㎊  ph ㏗  ppm ㏙  pr ㏚
        ps ㎰  pte ㉐  pv ㎴  pw ㎺  q ℚⓆⓠꟴＱｑ  r ŔŕŖŗŘřȐȑȒȓʳᴿᵣṘṙṚṛṜṝṞṟℛℜℝⓇⓡＲｒ  rad ㎭  rs ₨  s ŚśŜŝŞşŠšſȘșˢṠṡṢṣṤṥṦṧṨṩẛₛⓈⓢＳｓ  sr ㏛  ss ßẞ  st ﬅﬆ  sv ㏜
        t ŢţŤťŦŧȚțᵀᵗṪṫṬṭṮṯṰṱẗₜⓉⓣＴｔ  tel ℡  th Þþ  thz ㎔  u µÙÚÛÜùúûüŨũŪūŬŭŮůŰűŲųƯưǓǔǕǖǗǘǙǚǛǜȔȕȖȗμᵁᵘᵤṲṳṴṵṶṷṸṹṺṻỤụỦủỨứỪừỬửỮữỰựⓊⓤＵｕ  v ᵛᵥṼṽṾṿⅤⅴⓋⓥⱽＶｖ  vi Ⅵⅵ  vii Ⅶⅶ
        viii Ⅷⅷ  w ŴŵʷᵂẀẁẂẃẄẅẆẇẈẉẘⓌⓦＷｗ  wb ㏝  x ˣẊẋẌẍₓⅩⅹⓍⓧＸｘ  xi Ⅺⅺ  xii Ⅻⅻ  y ÝýÿŶŷŸȲȳʸẎẏẙỲỳỴỵỶỷỸỹⓎⓨＹｙ  z ŹźŻżŽžᶻẐẑẒẓẔẕℤℨⓏⓩＺｚ
        """;
}
