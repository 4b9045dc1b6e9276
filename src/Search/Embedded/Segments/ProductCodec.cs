using System.Collections.Immutable;
using AiPlatform.Core.Access;
using AiPlatform.Core.Catalog;
using AiPlatform.Search.Embedded.Files;

namespace AiPlatform.Search.Embedded.Segments;

/// <summary>The stored form of a product: length-prefixed fields in a fixed order. O(bytes), at most one allocation a string.</summary>
internal static unsafe class ProductCodec
{
    private const byte HasPrice = 1;
    private const byte HasRating = 2;
    private const byte HasReleased = 4;

    public static void Write(ref ByteBuffer buffer, Product product)
    {
        var flags = (product.Price is null ? 0 : HasPrice) | (product.Rating is null ? 0 : HasRating) | (product.ReleasedAt is null ? 0 : HasReleased);
        buffer.AddByte((byte)flags);
        buffer.AddByte((byte)product.Availability);
        buffer.AddByte((byte)product.AccessLevel);
        buffer.AddString(product.Id);
        buffer.AddString(product.Name);
        buffer.AddString(product.Brand);
        buffer.AddString(product.Class);
        WriteList(ref buffer, product.CategoryPath);
        buffer.AddString(product.Description);
        buffer.AddString(product.Currency);
        if (product.Price is { } price)
        {
            buffer.Add(price);
        }

        if (product.Rating is { } rating)
        {
            buffer.Add(rating);
        }

        buffer.AddVarInt((uint)product.RatingCount);
        if (product.ReleasedAt is { } released)
        {
            buffer.Add(released.UtcTicks);
        }

        buffer.AddString(product.Url);
        buffer.AddString(product.ImageUrl);
        WriteList(ref buffer, product.Regions);
        WriteList(ref buffer, product.AllowedGroups);
        WriteList(ref buffer, product.RestrictedRegions);
        buffer.AddVarInt((uint)product.Specifications.Count);
        foreach (var (key, values) in product.Specifications)
        {
            buffer.AddString(key);
            WriteList(ref buffer, values);
        }
    }

    /// <exception cref="InvalidDataException">The bytes are not those of a product.</exception>
    public static Product Read(byte* source, byte* end)
    {
        var flags = *source++;
        var availability = (Availability)(*source++);
        var level = (DataAccessLevel)(*source++);
        var product = new Product
        {
            Availability = availability,
            AccessLevel = level,
            Id = ReadString(ref source, end),
            Name = ReadString(ref source, end),
            Brand = ReadString(ref source, end),
            Class = ReadString(ref source, end),
            CategoryPath = ReadList(ref source, end),
            Description = ReadString(ref source, end),
            Currency = ReadString(ref source, end),
            Price = (flags & HasPrice) != 0 ? ReadRaw<decimal>(ref source, end) : null,
            Rating = (flags & HasRating) != 0 ? ReadRaw<double>(ref source, end) : null,
            RatingCount = (int)VarInt.Read(ref source),
            ReleasedAt = (flags & HasReleased) != 0 ? new DateTimeOffset(ReadRaw<long>(ref source, end), TimeSpan.Zero) : null,
            Url = ReadString(ref source, end),
            ImageUrl = ReadString(ref source, end),
            Regions = ReadList(ref source, end),
            AllowedGroups = ReadList(ref source, end),
            RestrictedRegions = ReadList(ref source, end),
            Specifications = ReadSpecifications(ref source, end),
        };
        return product;
    }

    private static void WriteList(ref ByteBuffer buffer, ImmutableArray<string> values)
    {
        buffer.AddVarInt((uint)values.Length);
        foreach (var value in values)
        {
            buffer.AddString(value);
        }
    }

    private static ImmutableSortedDictionary<string, ImmutableArray<string>> ReadSpecifications(ref byte* source, byte* end)
    {
        var count = VarInt.Read(ref source);
        if (count == 0)
        {
            return Product.EmptySpecifications;
        }

        var builder = Product.EmptySpecifications.ToBuilder();
        for (var i = 0; i < count; i++)
        {
            var key = ReadString(ref source, end);
            builder.Add(key, ReadList(ref source, end));
        }

        return builder.ToImmutable();
    }

    private static ImmutableArray<string> ReadList(ref byte* source, byte* end)
    {
        var count = (int)VarInt.Read(ref source);
        if (count == 0)
        {
            return [];
        }

        Inside(count, source, end);
        var values = new string[count];
        for (var i = 0; i < count; i++)
        {
            values[i] = ReadString(ref source, end);
        }

        return System.Runtime.InteropServices.ImmutableCollectionsMarshal.AsImmutableArray(values);
    }

    private static string ReadString(ref byte* source, byte* end)
    {
        var length = (int)VarInt.Read(ref source);
        if (length == 0)
        {
            return "";
        }

        Inside(length, source, end);
        var value = RepeatedTexts.Read(source, length);
        source += length;
        return value;
    }

    private static T ReadRaw<T>(ref byte* source, byte* end)
        where T : unmanaged
    {
        Inside(sizeof(T), source, end);
        var value = System.Runtime.CompilerServices.Unsafe.ReadUnaligned<T>(source);
        source += sizeof(T);
        return value;
    }

    /// <summary>Checksums are not read on the way to a product, so a damaged length must not lead out of it.</summary>
    private static void Inside(int length, byte* source, byte* end)
    {
        if (length < 0 || length > end - source)
        {
            throw new InvalidDataException("A stored product is damaged. Verify the catalog, then index it again.");
        }
    }
}
