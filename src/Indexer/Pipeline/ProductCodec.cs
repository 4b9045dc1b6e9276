using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text;
using AiPlatform.Core.Access;
using AiPlatform.Core.Catalog;

namespace AiPlatform.Indexer.Pipeline;

/// <summary>The canonical bytes of a product: equal products have equal bytes. For the spool and for content digests, not for long-term storage.</summary>
internal static class ProductCodec
{
    // Part of every digest: a change rewrites all products at the next reindex.
    private const byte Version = 1;

    public static void Write(Product product, ArrayBufferWriter<byte> output)
    {
        output.Write([Version]);
        Text(product.Id, output);
        Text(product.Name, output);
        Text(product.Description, output);
        Text(product.Brand, output);
        List(product.CategoryPath, output);
        Text(product.Class, output);
        Text(product.Price is { } price ? Plain(price) : "", output);
        Text(product.Currency, output);
        Number((long)product.Availability, output);
        List(product.Regions, output);
        Number(product.Specifications.Count, output);
        foreach (var (key, values) in product.Specifications)
        {
            Text(key, output);
            List(values, output);
        }

        Number(product.Rating is { } rating ? BitConverter.DoubleToInt64Bits(rating) : -1, output);
        Number(product.RatingCount, output);
        Number(product.ReleasedAt?.UtcTicks ?? -1, output);
        Text(product.Url, output);
        Text(product.ImageUrl, output);
        Number((long)product.AccessLevel, output);
        List(product.AllowedGroups, output);
        List(product.RestrictedRegions, output);
    }

    public static Product Read(ReadOnlySpan<byte> input)
    {
        var cursor = new Cursor(input[1..]);
        return new Product
        {
            Id = cursor.Text(),
            Name = cursor.Text(),
            Description = cursor.Text(),
            Brand = cursor.Text(),
            CategoryPath = cursor.List(),
            Class = cursor.Text(),
            Price = cursor.Text() is { Length: > 0 } price ? decimal.Parse(price, System.Globalization.CultureInfo.InvariantCulture) : null,
            Currency = cursor.Text(),
            Availability = (Availability)cursor.Number(),
            Regions = cursor.List(),
            Specifications = cursor.Specifications(),
            Rating = cursor.Number() is var rating && rating != -1 ? BitConverter.Int64BitsToDouble(rating) : null,
            RatingCount = (int)cursor.Number(),
            ReleasedAt = cursor.Number() is var ticks && ticks != -1 ? new DateTimeOffset(ticks, TimeSpan.Zero) : null,
            Url = cursor.Text(),
            ImageUrl = cursor.Text(),
            AccessLevel = (DataAccessLevel)cursor.Number(),
            AllowedGroups = cursor.List(),
            RestrictedRegions = cursor.List(),
        };
    }

    /// <summary>Without trailing zeros: 10 and 10.00 are one price.</summary>
    private static string Plain(decimal number)
    {
        var text = number.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return text[^1] != '0' || !text.Contains('.', StringComparison.Ordinal)
            ? text
            : (number / 1.000000000000000000000000000000m).ToString(System.Globalization.CultureInfo.InvariantCulture);
    }

    private static void Number(long value, ArrayBufferWriter<byte> output)
    {
        BinaryPrimitives.WriteInt64LittleEndian(output.GetSpan(8), value);
        output.Advance(8);
    }

    private static void Text(string text, ArrayBufferWriter<byte> output)
    {
        var span = output.GetSpan(4 + Encoding.UTF8.GetMaxByteCount(text.Length));
        var length = Encoding.UTF8.GetBytes(text, span[4..]);
        BinaryPrimitives.WriteInt32LittleEndian(span, length);
        output.Advance(4 + length);
    }

    private static void List(ImmutableArray<string> items, ArrayBufferWriter<byte> output)
    {
        Number(items.Length, output);
        foreach (var item in items)
        {
            Text(item, output);
        }
    }

    private ref struct Cursor(ReadOnlySpan<byte> rest)
    {
        private ReadOnlySpan<byte> _rest = rest;

        public long Number()
        {
            var value = BinaryPrimitives.ReadInt64LittleEndian(_rest);
            _rest = _rest[8..];
            return value;
        }

        public string Text()
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(_rest);
            var text = Encoding.UTF8.GetString(_rest.Slice(4, length));
            _rest = _rest[(4 + length)..];
            return text;
        }

        public ImmutableArray<string> List()
        {
            var count = (int)Number();
            if (count == 0)
            {
                return [];
            }

            var items = new string[count];
            for (var i = 0; i < count; i++)
            {
                items[i] = Text();
            }

            return ImmutableCollectionsMarshal.AsImmutableArray(items);
        }

        public ImmutableSortedDictionary<string, ImmutableArray<string>> Specifications()
        {
            var count = Number();
            if (count == 0)
            {
                return Product.EmptySpecifications;
            }

            var found = ImmutableSortedDictionary.CreateBuilder<string, ImmutableArray<string>>(StringComparer.Ordinal);
            for (var i = 0; i < count; i++)
            {
                found.Add(Text(), List());
            }

            return found.ToImmutable();
        }
    }
}
