namespace AiPlatform.Search.Analysis;

/// <summary>Reads the words <c>[a-z0-9]+(\.[0-9]+)?</c> of a text one by one, folded, with their place in the original. O(length), no allocation.</summary>
internal ref struct EnglishWordReader(ReadOnlySpan<char> text, Span<char> word)
{
    private readonly ReadOnlySpan<char> _text = text;
    private readonly Span<char> _word = word;
    private int _position;

    /// <summary>Characters of the word in the buffer.</summary>
    public int WordLength { get; private set; }

    /// <summary>Where the word starts in the text.</summary>
    public int Start { get; private set; }

    /// <summary>Where it ends, exclusive; a possessive's apostrophe and s are not part of it.</summary>
    public int End { get; private set; }

    /// <summary>Reads the next word; false at the end of the text.</summary>
    public bool Next()
    {
        WordLength = 0;
        SkipSeparators();
        if (WordLength == 0)
        {
            return false;
        }

        ReadRun(digitsOnly: false);
        if (_position + 1 < _text.Length && _text[_position] == '.' && char.IsAsciiDigit(_text[_position + 1]))
        {
            _position++;
            Append('.');
            ReadRun(digitsOnly: true);
        }

        SkipPossessive();
        return true;
    }

    /// <summary>Moves to the first character of a word and takes it. A mark without a letter before it parts nothing and starts nothing.</summary>
    private void SkipSeparators()
    {
        while (_position < _text.Length && WordLength == 0)
        {
            Start = _position;
            Take(_text[_position++]);
        }

        End = _position;
    }

    private void ReadRun(bool digitsOnly)
    {
        while (_position < _text.Length && (!digitsOnly || char.IsAsciiDigit(_text[_position])) && Take(_text[_position]))
        {
            End = ++_position;
        }
    }

    private bool Take(char c)
    {
        if (char.IsAscii(c))
        {
            if (!char.IsAsciiLetterOrDigit(c))
            {
                return false;
            }

            Append(char.IsAsciiLetterUpper(c) ? (char)(c | 0x20) : c);
            return true;
        }

        var folded = LatinFolding.Fold(c);
        foreach (var part in folded ?? "")
        {
            Append(part);
        }

        return folded is not null;
    }

    private void Append(char c)
    {
        if (WordLength < _word.Length)
        {
            _word[WordLength++] = c;
        }
    }

    private void SkipPossessive()
    {
        if (_position + 1 < _text.Length
            && _text[_position] is '\'' or '\u2019' or '\u02BC' or '\uFF07'
            && _text[_position + 1] is 's' or 'S'
            && char.IsAsciiLetter(_word[WordLength - 1])
            && (_position + 2 == _text.Length || LatinFolding.Fold(_text[_position + 2]) is null))
        {
            _position += 2;
        }
    }
}
