using System.Numerics.Tensors;
using AiPlatform.Search.Embedded.Vectors;
using AiPlatform.Search.OpenSearch.Documents;
using Xunit;

namespace AiPlatform.Search.Tests.OpenSearch;

public sealed class VectorCodesTests
{
    [Theory]
    [InlineData(64)]
    [InlineData(384)]
    [InlineData(1_000)]
    public void Cosine_OfCodes_IsThatOfTheVectors(int dimensions)
    {
        var random = new Random(20260301 + dimensions);
        for (var round = 0; round < 50; round++)
        {
            var (query, product) = (Vector(random, dimensions), Vector(random, dimensions));
            var rotated = query.ToArray();
            VectorRotation.For(dimensions).Apply(rotated);
            var bytes = VectorCodes.Write(product)!;

            Assert.Equal(TensorPrimitives.Dot<float>(query, product), VectorCodes.Cosine(rotated, bytes), .01f);
            Assert.Equal(1, TensorPrimitives.CosineSimilarity<float>(product, VectorCodes.Read(bytes, dimensions)), .001f);
        }
    }

    [Fact]
    public void Codes_OfAnotherLengthOrNoDirection_AreNone()
    {
        Assert.Null(VectorCodes.Write([]));
        Assert.Null(VectorCodes.Write(new float[8]));
        Assert.True(float.IsNaN(VectorCodes.Cosine(new float[8], VectorCodes.Write([1, 0, 0, 0])!)));
        Assert.Empty(VectorCodes.Read([1, 2, 3], 8));
    }

    private static float[] Vector(Random random, int dimensions)
    {
        var vector = Enumerable.Range(0, dimensions).Select(_ => (float)(random.NextDouble() - .5)).ToArray();
        var length = TensorPrimitives.Norm<float>(vector);
        return [.. vector.Select(v => v / length)];
    }
}
