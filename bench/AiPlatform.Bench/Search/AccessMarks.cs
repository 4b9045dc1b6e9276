using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using AiPlatform.Core.Access;
using AiPlatform.Core.Catalog;

namespace AiPlatform.Bench.Search;

/// <summary>
/// Access rules given to a product by a hash of its id, three of them independent of each other, so that a scope sees a known share
/// of any catalog: f30 sees .75 (level) x .8 (region) x .5 (group) = 30%, f1 sees .2 x .25 x .2 = 1%.
/// </summary>
/// <param name="Level">Public for 20%, internal for 55%, confidential for the rest.</param>
/// <param name="Region30">Sold in the region of the 30% scope.</param>
/// <param name="Region1">Sold in the region of the 1% scope.</param>
/// <param name="Group30">Meant for the group of the 30% scope.</param>
/// <param name="Group1">Meant for the group of the 1% scope.</param>
internal readonly record struct AccessMarks(DataAccessLevel Level, bool Region30, bool Region1, bool Group30, bool Group1)
{
    public static AccessMarks Of(string id)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(id), hash);
        var level = Share(hash, 0);
        return new AccessMarks(
            level < .2 ? DataAccessLevel.Public : level < .75 ? DataAccessLevel.Internal : DataAccessLevel.Confidential,
            Share(hash, 4) < .8,
            Share(hash, 8) < .25,
            Share(hash, 12) < .5,
            Share(hash, 16) < .2);
    }

    /// <summary>The product with these rules and without any of its own.</summary>
    public Product ApplyTo(Product product) => product with
    {
        AccessLevel = Level,
        Regions = [.. Names(BenchScopes.RegionAll, (Region30, BenchScopes.Region30), (Region1, BenchScopes.Region1))],
        AllowedGroups = [.. Names(BenchScopes.All, (Group30, BenchScopes.F30), (Group1, BenchScopes.F1))],
        RestrictedRegions = [],
    };

    private static double Share(ReadOnlySpan<byte> hash, int at) => BinaryPrimitives.ReadUInt32LittleEndian(hash[at..]) / (uint.MaxValue + 1.0);

    private static IEnumerable<string> Names(string always, params ImmutableArray<(bool Has, string Name)> others) =>
        others.Where(o => o.Has).Select(o => o.Name).Prepend(always);
}
