using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace AiPlatform.Search.Embeddings;

/// <summary>The stored form of a model: header, sections, SHA-256 of everything before it. Little-endian. The same model gives the same bytes.</summary>
internal static class CatalogModelFile
{
    /// <summary>Version of the form; other versions are refused.</summary>
    public const int Version = 1;

    private const uint Magic = 0x45_43_50_41;

    /// <summary>The bytes of a model.</summary>
    public static byte[] Write(CatalogModel model)
    {
        using var stream = new MemoryStream();
        using (var writer = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true))
        {
            writer.Write(Magic);
            writer.Write(Version);
            writer.Write(ProductTerms.TemplateVersion);
            writer.Write(model.Analyzer);
            foreach (var (_, weight) in ProductTerms.Named(model.Weights))
            {
                writer.Write(weight);
            }

            writer.Write(model.Dimensions);
            writer.Write(model.PublicProducts);
            writer.Write(model.Terms.Length);
            foreach (var term in model.Terms)
            {
                writer.Write(term);
            }

            writer.Write(MemoryMarshal.AsBytes(model.TermScales.AsSpan()));
            writer.Write(MemoryMarshal.AsBytes(model.TermCodes.AsSpan()));
            writer.Write(model.Centroids.Rows);
            for (var i = 0; i < model.Centroids.Rows; i++)
            {
                writer.Write(MemoryMarshal.AsBytes(model.Centroids.Row(i)));
            }

            writer.Write(model.TrainingProducts.Length);
            writer.Write(MemoryMarshal.AsBytes(model.TrainingProducts.AsSpan()));
            writer.Write(MemoryMarshal.AsBytes(model.TrainingTexts.AsSpan()));
        }

        stream.Write(SHA256.HashData(stream.GetBuffer().AsSpan(0, (int)stream.Length)));
        return stream.ToArray();
    }

    /// <summary>The model of its bytes.</summary>
    /// <exception cref="CatalogModelException">Damaged, cut off, or of another version.</exception>
    public static CatalogModel Read(ReadOnlyMemory<byte> bytes)
    {
        var content = bytes.Length > SHA256.HashSizeInBytes ? bytes[..^SHA256.HashSizeInBytes] : throw Damaged("it is cut off");
        var header = MemoryMarshal.Cast<byte, uint>(content.Span[..Math.Min(content.Length, 12)]);
        if (header.Length < 3 || header[0] != Magic)
        {
            throw Damaged("it does not begin as one");
        }

        if (header[1] != Version || header[2] != ProductTerms.TemplateVersion)
        {
            throw new CatalogModelException("model_version", $"The catalog model has version {header[1]}.{header[2]}, this program reads {Version}.{ProductTerms.TemplateVersion}: rebuild the index, which trains a new model.");
        }

        if (!SHA256.HashData(content.Span).AsSpan().SequenceEqual(bytes.Span[^SHA256.HashSizeInBytes..]))
        {
            throw Damaged("its checksum is wrong");
        }

        try
        {
            using var reader = new BinaryReader(new MemoryStream(content[12..].ToArray(), writable: false), Encoding.UTF8);
            return ReadSections(reader);
        }
        catch (Exception e) when (e is EndOfStreamException or ArgumentException or OverflowException or FormatException or IOException)
        {
            throw Damaged("its sections do not fit together");
        }
    }

    private static CatalogModel ReadSections(BinaryReader reader)
    {
        var analyzer = reader.ReadString();
        var weights = new FieldWeights
        {
            NameHead = reader.ReadSingle(),
            NameTail = reader.ReadSingle(),
            Class = reader.ReadSingle(),
            Category = reader.ReadSingle(),
            Brand = reader.ReadSingle(),
            Description = reader.ReadSingle(),
            Specifications = reader.ReadSingle(),
        };
        var (dimensions, publicProducts) = (Count(reader, 1), Count(reader, 0));
        var terms = new string[Count(reader, 1)];
        for (var i = 0; i < terms.Length; i++)
        {
            terms[i] = reader.ReadString();
        }

        var scales = Array<float>(reader, terms.Length);
        var codes = Array<sbyte>(reader, checked(terms.Length * dimensions));
        var centroids = new DenseMatrix(Count(reader, dimensions * sizeof(float)), dimensions);
        for (var i = 0; i < centroids.Rows; i++)
        {
            Array<float>(reader, dimensions).CopyTo(centroids.Row(i));
        }

        var training = Count(reader, 2 * sizeof(ulong));
        return new CatalogModel
        {
            Analyzer = analyzer,
            Weights = weights,
            Dimensions = dimensions,
            Terms = terms,
            TermScales = scales,
            TermCodes = codes,
            Centroids = centroids,
            PublicProducts = publicProducts,
            TrainingProducts = Array<ulong>(reader, training),
            TrainingTexts = Array<ulong>(reader, training),
        };
    }

    /// <summary>A count whose items, of at least so many bytes each, are still to come: a wrong one never makes a huge allocation.</summary>
    private static int Count(BinaryReader reader, int leastBytes)
    {
        var count = reader.ReadInt32();
        var left = reader.BaseStream.Length - reader.BaseStream.Position;
        return count >= 0 && (long)count * leastBytes <= left ? count : throw new FormatException();
    }

    private static T[] Array<T>(BinaryReader reader, int count)
        where T : unmanaged
    {
        var result = new T[count];
        reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(result.AsSpan()));
        return result;
    }

    private static CatalogModelException Damaged(string how) =>
        new("model_damaged", $"These bytes are no catalog model: {how}. Rebuild the index, which trains a new model.");
}
