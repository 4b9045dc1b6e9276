namespace AiPlatform.Search.Analysis;

/// <summary>
/// The Snowball English stemmer (Porter2): "connections", "connected" and "connecting" become "connect". Pure, allocation-free, O(length).
/// Follows https://snowballstem.org/algorithms/english/stemmer.html in its classic version; checked word by word against another implementation.
/// </summary>
public static class SnowballEnglishStemmer
{
    private const int ShortestStemmed = 3;

    private static readonly string[] Step2Suffixes =
    [
        "ational", "fulness", "iveness", "ization", "ousness", "biliti", "lessli", "tional", "alism", "aliti", "ation", "entli", "fulli", "iviti", "ousli",
        "abli", "alli", "anci", "ator", "enci", "izer", "bli", "ogi", "li",
    ];

    private static readonly string[] Step3Suffixes = ["ational", "tional", "alize", "ative", "icate", "iciti", "ical", "ness", "ful"];

    private static readonly string[] Step4Suffixes =
        ["ement", "able", "ance", "ence", "ible", "ment", "ant", "ate", "ent", "ion", "ism", "iti", "ive", "ize", "ous", "al", "er", "ic"];

    /// <summary>Stems a lower-case word of ASCII letters (apostrophes allowed) in place; the buffer has room for one more character than the word. Returns the stem's length.</summary>
    /// <exception cref="ArgumentException">The buffer has no room beyond the word.</exception>
    public static int Stem(Span<char> buffer, int length)
    {
        if (length >= buffer.Length)
        {
            throw new ArgumentException("The buffer must have room for one more character than the word.", nameof(buffer));
        }

        if (length < ShortestStemmed)
        {
            return length;
        }

        if (Irregular(buffer[..length]) is { } irregular)
        {
            irregular.CopyTo(buffer);
            return irregular.Length;
        }

        var word = new Word(buffer, length);
        word.Prepare();
        word.CutPossessive();
        word.CutPlural();
        if (!word.IsDoneAfterPlural())
        {
            word.CutPastOrGerund();
            word.ReplaceFinalY();
            word.Step2();
            word.Step3();
            word.Step4();
            word.Step5();
        }

        return word.Finish();
    }

    /// <summary>The stem of a lower-case word.</summary>
    public static string Stem(string word)
    {
        ArgumentNullException.ThrowIfNull(word);
        Span<char> buffer = word.Length < 128 ? stackalloc char[129] : new char[word.Length + 1];
        word.CopyTo(buffer);
        return buffer[..Stem(buffer, word.Length)].ToString();
    }

    private static string? Irregular(ReadOnlySpan<char> word) => word switch
    {
        "skis" => "ski",
        "skies" => "sky",
        "dying" => "die",
        "lying" => "lie",
        "tying" => "tie",
        "idly" => "idl",
        "gently" => "gentl",
        "ugly" => "ugli",
        "early" => "earli",
        "only" => "onli",
        "singly" => "singl",
        "sky" or "news" or "howe" or "atlas" or "cosmos" or "bias" or "andes" => word.ToString(),
        _ => null,
    };

    private static bool IsVowel(char c) => c is 'a' or 'e' or 'i' or 'o' or 'u' or 'y';

    /// <summary>A word while it is cut; <c>Y</c> is a y that counts as a consonant.</summary>
    private ref struct Word(Span<char> text, int length)
    {
        private readonly Span<char> _text = text;
        private int _length = length;
        private int _r1;
        private int _r2;

        private readonly ReadOnlySpan<char> Text => _text[.._length];

        /// <summary>Drops a leading apostrophe, marks consonant y, finds the regions.</summary>
        public void Prepare()
        {
            if (_text[0] == '\'')
            {
                _text[1.._length].CopyTo(_text);
                _length--;
            }

            for (var i = 0; i < _length; i++)
            {
                if (_text[i] == 'y' && (i == 0 || IsVowel(_text[i - 1])))
                {
                    _text[i] = 'Y';
                }
            }

            var text = Text;
            _r1 = text.StartsWith("gener") || text.StartsWith("arsen") ? 5 : text.StartsWith("commun") ? 6 : RegionAfter(0);
            _r2 = RegionAfter(_r1);
        }

        public void CutPossessive()
        {
            var suffix = Ends("'s'") ? 3 : Ends("'s") ? 2 : Ends("'") ? 1 : 0;
            _length -= suffix;
        }

        public void CutPlural()
        {
            if (Ends("sses"))
            {
                _length -= 2;
            }
            else if (Ends("ied") || Ends("ies"))
            {
                _length -= _length > 4 ? 2 : 1;
            }
            else if (Ends("s") && !Ends("us") && !Ends("ss") && _length > 2 && HasVowel(_length - 2))
            {
                _length--;
            }
        }

        public readonly bool IsDoneAfterPlural() => Text is "inning" or "outing" or "canning" or "herring" or "earring" or "proceed" or "exceed" or "succeed";

        public void CutPastOrGerund()
        {
            if (Ends("eedly") || Ends("eed"))
            {
                var start = _length - (Ends("eed") ? 3 : 5);
                if (start >= _r1)
                {
                    _length = start + 2;
                }

                return;
            }

            var suffix = Ends("ingly") ? 5 : Ends("edly") ? 4 : Ends("ing") ? 3 : Ends("ed") ? 2 : 0;
            if (suffix == 0 || !HasVowel(_length - suffix))
            {
                return;
            }

            _length -= suffix;
            if (Ends("at") || Ends("bl") || Ends("iz"))
            {
                Append('e');
            }
            else if (EndsWithDouble())
            {
                _length--;
            }
            else if (_r1 >= _length && EndsWithShortSyllable(_length))
            {
                Append('e');
            }
        }

        public readonly void ReplaceFinalY()
        {
            if (_length > 2 && _text[_length - 1] is 'y' or 'Y' && !IsVowel(_text[_length - 2]))
            {
                _text[_length - 1] = 'i';
            }
        }

        public void Step2()
        {
            var suffix = Longest(Step2Suffixes);
            if (suffix is null || _length - suffix.Length < _r1)
            {
                return;
            }

            switch (suffix)
            {
                case "tional": Replace(suffix, "tion"); break;
                case "enci": Replace(suffix, "ence"); break;
                case "anci": Replace(suffix, "ance"); break;
                case "abli": Replace(suffix, "able"); break;
                case "entli": Replace(suffix, "ent"); break;
                case "izer" or "ization": Replace(suffix, "ize"); break;
                case "ational" or "ation" or "ator": Replace(suffix, "ate"); break;
                case "alism" or "aliti" or "alli": Replace(suffix, "al"); break;
                case "fulness" or "fulli": Replace(suffix, "ful"); break;
                case "ousli" or "ousness": Replace(suffix, "ous"); break;
                case "iveness" or "iviti": Replace(suffix, "ive"); break;
                case "biliti" or "bli": Replace(suffix, "ble"); break;
                case "lessli": Replace(suffix, "less"); break;
                case "ogi" when Before(suffix) == 'l': Replace(suffix, "og"); break;
                case "li" when Before(suffix) is 'c' or 'd' or 'e' or 'g' or 'h' or 'k' or 'm' or 'n' or 'r' or 't': Replace(suffix, ""); break;
                default: break;
            }
        }

        public void Step3()
        {
            var suffix = Longest(Step3Suffixes);
            if (suffix is null || _length - suffix.Length < _r1)
            {
                return;
            }

            switch (suffix)
            {
                case "tional": Replace(suffix, "tion"); break;
                case "ational": Replace(suffix, "ate"); break;
                case "alize": Replace(suffix, "al"); break;
                case "icate" or "iciti" or "ical": Replace(suffix, "ic"); break;
                case "ful" or "ness": Replace(suffix, ""); break;
                case "ative" when _length - suffix.Length >= _r2: Replace(suffix, ""); break;
                default: break;
            }
        }

        public void Step4()
        {
            var suffix = Longest(Step4Suffixes);
            if (suffix is not null && _length - suffix.Length >= _r2 && (suffix != "ion" || Before(suffix) is 's' or 't'))
            {
                Replace(suffix, "");
            }
        }

        public void Step5()
        {
            var last = _length - 1;
            if (_length == 0)
            {
                return;
            }

            if (_text[last] == 'e' && (last >= _r2 || (last >= _r1 && !EndsWithShortSyllable(last))))
            {
                _length--;
            }
            else if (_text[last] == 'l' && last >= _r2 && last > 0 && _text[last - 1] == 'l')
            {
                _length--;
            }
        }

        public readonly int Finish()
        {
            _text[.._length].Replace('Y', 'y');
            return _length;
        }

        /// <summary>Where the region after the first consonant that follows a vowel begins.</summary>
        private readonly int RegionAfter(int start)
        {
            for (var i = start + 1; i < _length; i++)
            {
                if (!IsVowel(_text[i]) && IsVowel(_text[i - 1]))
                {
                    return i + 1;
                }
            }

            return _length;
        }

        private readonly bool Ends(string suffix) => Text.EndsWith(suffix, StringComparison.Ordinal);

        private readonly bool HasVowel(int before)
        {
            foreach (var c in _text[..before])
            {
                if (IsVowel(c))
                {
                    return true;
                }
            }

            return false;
        }

        private readonly char Before(string suffix) => _length > suffix.Length ? _text[_length - suffix.Length - 1] : '\0';

        private readonly bool EndsWithDouble() =>
            _length >= 2 && _text[_length - 1] == _text[_length - 2] && _text[_length - 1] is 'b' or 'd' or 'f' or 'g' or 'm' or 'n' or 'p' or 'r' or 't';

        /// <summary>Consonant, vowel, consonant other than w, x, Y; or a vowel and a consonant that are the whole of it.</summary>
        private readonly bool EndsWithShortSyllable(int end) => end switch
        {
            < 2 => false,
            2 => IsVowel(_text[0]) && !IsVowel(_text[1]),
            _ => !IsVowel(_text[end - 1]) && _text[end - 1] is not ('w' or 'x' or 'Y') && IsVowel(_text[end - 2]) && !IsVowel(_text[end - 3]),
        };

        private readonly string? Longest(string[] suffixes)
        {
            foreach (var suffix in suffixes)
            {
                if (Ends(suffix))
                {
                    return suffix;
                }
            }

            return null;
        }

        private void Replace(string suffix, string replacement)
        {
            _length -= suffix.Length;
            replacement.CopyTo(_text[_length..]);
            _length += replacement.Length;
        }

        private void Append(char c) => _text[_length++] = c;
    }
}
