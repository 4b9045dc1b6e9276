using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace AiPlatform.Storage.Policy;

/// <summary>
/// Reads YAML into a tree that keeps places and duplicates. Only the plain subset a policy needs: one document, no anchors, aliases,
/// tags or nesting beyond <see cref="PolicyLimits.Depth"/>, so that a hostile file can neither blow up nor overflow the stack.
/// </summary>
internal static class YamlTree
{
    /// <summary>Null, with a problem reported, when the text is not such YAML.</summary>
    public static YamlNode? Read(string text, PolicyProblems problems)
    {
        var parser = new Parser(new StringReader(text));
        try
        {
            parser.Consume<StreamStart>();
            if (parser.Accept<StreamEnd>(out _))
            {
                problems.Error("empty_file", 1, 1, "", "the file is empty; declare at least `groups`");
                return null;
            }

            parser.Consume<DocumentStart>();
            var root = Node(parser, 0);
            parser.Consume<DocumentEnd>();
            if (!parser.Accept<StreamEnd>(out var end))
            {
                var mark = parser.Current?.Start ?? end?.Start ?? Mark.Empty;
                problems.Error("several_documents", mark.Line, mark.Column, "", "the file has more than one document; keep only one");
            }

            return root;
        }
        catch (YamlException broken)
        {
            var (line, column) = Tab(text, broken) ?? (broken.Start.Line, broken.Start.Column);
            problems.Error("invalid_yaml", line, column, "", $"this is not valid YAML: {broken.Message}");
            return null;
        }
        catch (InvalidOperationException)
        {
            // The scanner has states it did not foresee (a control character inside a plain scalar is one) and throws this for them.
            var near = parser.Current?.End ?? Mark.Empty;
            problems.Error("invalid_yaml", near.Line, near.Column, "", "this is not valid YAML: the text after this place cannot be read; look for an unusual character or a missing quote");
            return null;
        }
    }

    /// <summary>Where the tab is, when that is the fault: the library names the place where the mapping began.</summary>
    private static (long Line, long Column)? Tab(string text, YamlException broken)
    {
        if (!broken.Message.Contains("tab", StringComparison.Ordinal))
        {
            return null;
        }

        var lines = text.Split('\n');
        for (var i = Math.Max(0, (int)broken.Start.Line - 1); i < lines.Length; i++)
        {
            var indentation = lines[i].AsSpan(0, lines[i].Length - lines[i].AsSpan().TrimStart().Length);
            if (indentation.IndexOf('\t') is var column and >= 0)
            {
                return (i + 1, column + 1);
            }
        }

        return null;
    }

    private static YamlNode Node(Parser parser, int depth)
    {
        var at = parser.Current!;
        if (depth > PolicyLimits.Depth)
        {
            throw new YamlException(at.Start, at.End, "nested too deeply");
        }

        if (at is AnchorAlias || at is NodeEvent { Anchor.IsEmpty: false })
        {
            throw new YamlException(at.Start, at.End, "anchors and aliases are not supported; write the value out");
        }

        if (at is NodeEvent { Tag: { IsEmpty: false, IsNonSpecific: false } })
        {
            throw new YamlException(at.Start, at.End, "tags are not supported; write the plain value");
        }

        switch (at)
        {
            case Scalar scalar:
                parser.MoveNext();
                return new YamlScalar(scalar.Value, scalar.Style == ScalarStyle.Plain, at.Start.Line, at.Start.Column);
            case SequenceStart:
                return List(parser, at.Start, depth);
            case MappingStart:
                return Map(parser, at.Start, depth);
            default:
                throw new YamlException(at.Start, at.End, "a value is missing");
        }
    }

    private static YamlList List(Parser parser, Mark start, int depth)
    {
        parser.Consume<SequenceStart>();
        var items = new List<YamlNode>();
        while (!parser.TryConsume<SequenceEnd>(out _))
        {
            items.Add(Node(parser, depth + 1));
        }

        return new YamlList(items, start.Line, start.Column);
    }

    private static YamlMap Map(Parser parser, Mark start, int depth)
    {
        parser.Consume<MappingStart>();
        var entries = new List<YamlEntry>();
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            var at = parser.Current!;
            if (Node(parser, depth + 1) is not YamlScalar key)
            {
                throw new YamlException(at.Start, at.End, "a key must be plain text");
            }

            entries.Add(new YamlEntry(key, Node(parser, depth + 1)));
        }

        return new YamlMap(entries, start.Line, start.Column);
    }
}
