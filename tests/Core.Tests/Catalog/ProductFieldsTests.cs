using AiPlatform.Core.Access;
using AiPlatform.Core.Catalog;
using Xunit;

namespace AiPlatform.Core.Tests.Catalog;

public sealed class ProductFieldsTests
{
    private static readonly Product Full = new()
    {
        Id = "Id-1", Name = "Name", Brand = " ACME ", CategoryPath = ["Home", "Kitchen", "Pans"], Class = "Pan", Price = 12.50m, Currency = "EUR", Availability = Availability.LowStock,
        Regions = ["EU", " "], Specifications = Product.EmptySpecifications.Add("Color", ["Red", ""]), Rating = 4.5, AccessLevel = DataAccessLevel.Internal, AllowedGroups = ["Sales", "everyone"], RestrictedRegions = ["us"],
    };

    [Fact]
    public void All_Product_IsWhatEachFieldGivesAlone()
    {
        foreach (var product in new[] { Full, new Product { Id = "2", Name = "n", AccessLevel = DataAccessLevel.Public, AllowedGroups = [] } })
        {
            var fields = ProductFields.BuiltIn.Concat(product.Specifications.Keys.Select(ProductFields.Canonical));
            Assert.Equal(fields.SelectMany(f => ProductFields.Values(product, f).Select(v => (f, v))), ProductFields.All(product));
        }
    }

    [Fact]
    public void Collect_WantedFields_GivesThoseAlone()
    {
        var values = new List<(string Field, string Value)>();
        ProductFields.Collect(Full, f => f is ProductFields.Category or "spec.color", values);
        Assert.Equal([("category", "home"), ("category", "home / kitchen"), ("category", "home / kitchen / pans"), ("spec.color", "red")], values);
    }
}
