using System.Buffers;
using System.Text.Json;
using AiPlatform.Core.Access;
using AiPlatform.Core.Catalog;
using AiPlatform.Indexer.Pipeline;
using AiPlatform.Indexer.Tests.Support;

namespace AiPlatform.Indexer.Tests.Pipeline;

public sealed class ProductCodecTests
{
    private static readonly Product Full = new()
    {
        Id = "é1", Name = "n", Description = "d\n2", Brand = "b", CategoryPath = ["A", "B"], Class = "c", Price = 12.50m, Currency = "EUR", Availability = Availability.LowStock,
        Regions = ["eu"], Specifications = Product.EmptySpecifications.Add("k", ["v", "w"]).Add("z", ["1"]), Rating = 4.25, RatingCount = 7,
        ReleasedAt = new DateTimeOffset(2024, 1, 2, 0, 0, 0, TimeSpan.Zero), Url = "https://example.com", ImageUrl = "https://example.com/i",
        AccessLevel = DataAccessLevel.Internal, AllowedGroups = ["g", "h"], RestrictedRegions = ["us"],
    };

    [Fact]
    public void Read_WrittenProduct_IsTheSame()
    {
        foreach (var product in new[] { Full, new Product { Id = "1", Name = "n", AccessLevel = DataAccessLevel.Public, AllowedGroups = [] } })
        {
            Assert.Equal(JsonSerializer.Serialize(product), JsonSerializer.Serialize(ProductCodec.Read(Bytes(product))).Replace("12.5,", "12.50,"));
        }
    }

    [Fact]
    public void Write_AnyFieldChanged_ChangesTheDigest()
    {
        Product[] changed =
        [
            Full with { Id = "é2" }, Full with { Name = "nn" }, Full with { Description = "d" }, Full with { Brand = "" }, Full with { CategoryPath = ["A / B"] }, Full with { CategoryPath = ["AB"] },
            Full with { Class = "cc" }, Full with { Price = 12.51m }, Full with { Price = null, Currency = "" }, Full with { Currency = "USD" }, Full with { Availability = Availability.InStock },
            Full with { Regions = [] }, Full with { Specifications = Full.Specifications.Remove("z") }, Full with { Specifications = Full.Specifications.SetItem("k", ["vw"]) },
            Full with { Rating = 4.26 }, Full with { Rating = null }, Full with { RatingCount = 8 }, Full with { ReleasedAt = null }, Full with { Url = "" }, Full with { ImageUrl = "" },
            Full with { AccessLevel = DataAccessLevel.Public }, Full with { AllowedGroups = ["g"] }, Full with { AllowedGroups = ["gh"] }, Full with { RestrictedRegions = [] },
            Full with { Regions = ["eu", "us"], RestrictedRegions = [] },
        ];
        Assert.Equal(changed.Length + 1, changed.Append(Full).Select(p => Digests.Of(Bytes(p))).Distinct().Count());
    }

    [Fact]
    public void Write_EqualContentWrittenDifferently_IsOneDigest()
    {
        Assert.Equal(Digests.Of(Bytes(Full)), Digests.Of(Bytes(Full with { Price = 12.5m })));
        Assert.Equal(Digests.Of(Bytes(Full)), Digests.Of(Bytes(Full with { ReleasedAt = new DateTimeOffset(2024, 1, 2, 2, 0, 0, TimeSpan.FromHours(2)) })));
    }

    [Fact]
    public void Spool_SameIdTwice_ReadsTheLastOneOnly()
    {
        using var folder = new TemporaryFolder();
        using (var spool = new ProductSpool(folder.Path))
        {
            Assert.Null(spool.Add(Full with { Id = "a", Name = "old" }, 1, 0).EarlierLine);
            Assert.Null(spool.Add(Full with { Id = "b", Description = new string('x', 20_000) }, 2, 0).EarlierLine);
            Assert.Equal(1, spool.Add(Full with { Id = "a", Name = "new" }, 3, 0).EarlierLine);
            spool.Complete();
            Assert.Equal(2, spool.Distinct);
            Assert.Equal(["b", "a"], spool.Read().Select(s => s.Product().Id));
            Assert.Equal("new", spool.Read().Last().Product().Name);
        }

        Assert.Empty(Directory.GetFiles(folder.Path));
    }

    private static byte[] Bytes(Product product)
    {
        var output = new ArrayBufferWriter<byte>();
        ProductCodec.Write(product, output);
        return output.WrittenSpan.ToArray();
    }
}
