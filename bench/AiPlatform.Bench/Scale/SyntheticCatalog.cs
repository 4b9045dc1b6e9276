using System.Globalization;
using AiPlatform.Core.Access;
using AiPlatform.Core.Catalog;

namespace AiPlatform.Bench.Scale;

/// <summary>
/// A made-up catalog of any size, made anew each time it is read. Names and descriptions share the words of their category, vectors lie
/// around 2,000 centres, and each product is meant for every scope of <see cref="ScaleScopes"/> whose share it falls into.
/// </summary>
internal sealed class SyntheticCatalog(int count)
{
    public const int Dimensions = 256;
    private const int Words = 200_000;
    private const int Brands = 2_000;
    private const int Categories = 3_000;
    private const int CategoryWords = 40;
    private const int Centres = 2_000;

    // A length of .8 around a centre of length 1: two products of a cluster have a cosine of about .6.
    private const float Noise = .8f / 16;
    private const ulong TextStream = 0x51;
    private const ulong VectorStream = 0xA7;
    private const ulong ShareStream = 0xC3;

    private readonly Vocabulary _vocabulary = new(Words);
    private readonly string[][] _categoryWords = [.. Enumerable.Range(0, Categories).Select(_ => new string[CategoryWords])];
    private float[][] _centres = [];

    public int Count => count;

    public SyntheticCatalog Prepare()
    {
        for (var category = 0; category < Categories; category++)
        {
            var random = Stream(category, 0x11);
            for (var i = 0; i < CategoryWords; i++)
            {
                _categoryWords[category][i] = _vocabulary.Draw(ref random);
            }
        }

        _centres = [.. Enumerable.Range(0, Centres).Select(c =>
        {
            var centre = new float[Dimensions];
            var random = Stream(c, 0x22);
            AddGaussian(centre, 1, ref random);
            Normalize(centre);
            return centre;
        })];
        return this;
    }

    public static string IdOf(int number) => number.ToString("D8", CultureInfo.InvariantCulture);

    public IEnumerable<Product> Products() => Enumerable.Range(0, count).Select(ProductAt);

    public Product ProductAt(int number)
    {
        var random = Stream(number, TextStream);
        var category = CategoryOf(ref random);
        var brand = _vocabulary[Words - 1 - (int)(Brands * random.Share() * random.Share())];
        var name = Text(category, random.Between(3, 10), ref random);
        return new Product
        {
            Id = IdOf(number),
            Name = name,
            Description = Text(category, random.Between(10, 60), ref random),
            Brand = brand,
            CategoryPath = [_categoryWords[category / 100][0], _categoryWords[category / 10][1], _categoryWords[category][2] + category.ToString(CultureInfo.InvariantCulture)],
            Class = _categoryWords[category][2],
            Price = random.Between(199, 99_999) / 100m,
            Currency = "EUR",
            Availability = random.Share() < .9 ? Availability.InStock : Availability.OutOfStock,
            Specifications = Product.EmptySpecifications.Add("color", [_vocabulary[random.Below(16)]]),
            AccessLevel = DataAccessLevel.Public,
            AllowedGroups = [.. ScaleScopes.GroupsOf(ShareOf(number))],
        };
    }

    /// <summary>Between 0 and 1: a scope of share s sees the products below s.</summary>
    public static double ShareOf(int number)
    {
        var random = Stream(number, ShareStream);
        return random.Share();
    }

    /// <summary>The product's vector, of length 1.</summary>
    public void VectorAt(int number, Span<float> vector)
    {
        var text = Stream(number, TextStream);
        _centres[CategoryOf(ref text) % Centres].CopyTo(vector);
        var random = Stream(number, VectorStream);
        AddGaussian(vector, Noise, ref random);
        Normalize(vector);
    }

    /// <summary>A question that the product answers: some words of its name, and its vector with noise.</summary>
    public (string Text, float[] Vector) QueryAbout(int number)
    {
        var random = Stream(number, 0xE9);
        var words = ProductAt(number).Name.Split(' ');
        var wanted = Math.Min(words.Length, random.Between(2, 4));
        var start = random.Below(words.Length - wanted + 1);
        var vector = new float[Dimensions];
        VectorAt(number, vector);
        AddGaussian(vector, Noise / 2, ref random);
        Normalize(vector);
        return (string.Join(' ', words.Skip(start).Take(wanted)), vector);
    }

    private static int CategoryOf(ref SplitMix random) => (int)(Categories * Math.Pow(random.Share(), 1.5));

    /// <summary>Six words in ten are the category's own.</summary>
    private string Text(int category, int words, ref SplitMix random)
    {
        var text = new string[words];
        for (var i = 0; i < words; i++)
        {
            text[i] = random.Share() < .6 ? _categoryWords[category][random.Below(CategoryWords)] : _vocabulary.Draw(ref random);
        }

        return string.Join(' ', text);
    }

    private static SplitMix Stream(int number, ulong stream)
    {
        var mix = new SplitMix(((ulong)number << 8) | stream);
        return new SplitMix(mix.Next());
    }

    private static void AddGaussian(Span<float> vector, float deviation, ref SplitMix random)
    {
        for (var i = 0; i < vector.Length; i += 2)
        {
            var (a, b) = random.Gaussian();
            vector[i] += deviation * a;
            vector[i + 1] += deviation * b;
        }
    }

    private static void Normalize(Span<float> vector)
    {
        var factor = 1 / System.Numerics.Tensors.TensorPrimitives.Norm(vector);
        System.Numerics.Tensors.TensorPrimitives.Multiply(vector, factor, vector);
    }
}
