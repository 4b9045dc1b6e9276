using AiPlatform.Core.Catalog;
using AiPlatform.Search.OpenSearch.Writing;
using Xunit;

namespace AiPlatform.Search.Tests.OpenSearch;

public sealed class ProductTableTests
{
    [Fact]
    public void Steps_InAnyOrder_LeaveWhatASimpleModelLeaves()
    {
        for (var seed = 1; seed <= 50; seed++)
        {
            var random = new Random(seed);
            var (table, journal) = (new ProductTable(), new BuildJournal());
            var previous = Enumerable.Range(0, 100).ToDictionary(i => $"id-{i}-{new string('x', i % 7)}", _ => Stamp(random));
            foreach (var (id, stamp) in previous)
            {
                table.AddPrevious(id, stamp);
            }

            var kept = new HashSet<string>();
            var gone = new HashSet<string>();
            var put = new Dictionary<string, ProductStamp>();
            var touched = new HashSet<string>();
            for (var step = 0u; step < 400; step++)
            {
                var id = random.Next(2) == 0 ? previous.Keys.ElementAt(random.Next(100)) : $"new-{random.Next(60)}";
                switch (random.Next(3))
                {
                    case 0:
                        var may = previous.ContainsKey(id) && !kept.Contains(id) && !touched.Contains(id) && !gone.Contains(id);
                        Assert.Equal(may, table.Keep(id));
                        if (may)
                        {
                            kept.Add(id);
                            journal.Keep(id);
                        }

                        break;
                    case 1:
                        put[id] = Stamp(random);
                        table.Put(id, put[id], step);
                        journal.Put(id, put[id]);
                        touched.Add(id);
                        kept.Remove(id);
                        gone.Remove(id);
                        break;
                    default:
                        var there = put.ContainsKey(id) || (previous.ContainsKey(id) && !gone.Contains(id));
                        Assert.Equal(there, table.Delete(id) >= 0);
                        if (there)
                        {
                            journal.Delete(id);
                            put.Remove(id);
                            kept.Remove(id);
                            if (previous.ContainsKey(id))
                            {
                                gone.Add(id);
                            }
                        }

                        break;
                }
            }

            var again = new ProductTable();
            foreach (var (id, stamp) in previous)
            {
                again.AddPrevious(id, stamp);
            }

            BuildJournal.Replay(journal.Bytes.Span, id => again.Keep(id), (id, stamp) => again.Put(id, stamp, 0), id => again.Delete(id), _ => Assert.Fail("nothing was refused"));
            foreach (var t in new[] { table, again })
            {
                Assert.Equal((kept.Count, put.Keys.Count(k => !previous.ContainsKey(k)), put.Keys.Count(previous.ContainsKey), gone.Count), (t.Kept, t.Added, t.Updated, t.Deleted));
                Check(t, deleteOthers: true, kept.ToDictionary(k => k, k => previous[k]).Concat(put));
                Check(t, deleteOthers: false, previous.Where(p => !gone.Contains(p.Key) && !put.ContainsKey(p.Key)).Concat(put));
            }
        }
    }

    [Fact]
    public void Refusal_TakesBackTheWriteItIsAbout()
    {
        var table = new ProductTable();
        table.AddPrevious("a", Stamp(new Random(1)));
        var slot = table.Put("a", default, 1);
        Assert.True(table.Refuse(slot, 1));
        Assert.Equal((0, 0), (table.Updated, table.Deleted));
        Assert.True(table.Survives(slot, deleteOthers: false));
        table.Put("a", default, 2);
        table.Put("a", default, 3);
        Assert.False(table.Refuse(slot, 2));
        Assert.True(table.Refuse(slot, 3));

        // What it was before the build is overwritten by the write that went through.
        Assert.False(table.Survives(slot, deleteOthers: false));
        Assert.Equal((0, 1), (table.Updated, table.Deleted));
    }

    [Fact]
    public void Journal_CutAnywhere_IsDamagedOrShorter()
    {
        var journal = new BuildJournal();
        journal.Keep("first");
        journal.Put("second", default);
        journal.Refuse(new RefusedProduct("second", "code", "reason"));
        var bytes = journal.Bytes.ToArray();
        for (var length = 0; length < bytes.Length; length++)
        {
            var steps = 0;
            try
            {
                BuildJournal.Replay(bytes.AsSpan(0, length), _ => steps++, (_, _) => steps++, _ => steps++, _ => steps++);
                Assert.True(steps < 3);
            }
            catch (InvalidDataException)
            {
            }
        }
    }

    private static void Check(ProductTable table, bool deleteOthers, IEnumerable<KeyValuePair<string, ProductStamp>> expected)
    {
        var alive = Enumerable.Range(0, table.Count).Where(s => table.Survives(s, deleteOthers)).ToDictionary(table.IdOf, s => (table.SumOf(s), table.HasVector(s, sameModel: true)));
        Assert.Equal(
            expected.ToDictionary(e => e.Key, e => (ProductTable.SumOf(e.Key, e.Value), e.Value.HasVector)).OrderBy(e => e.Key, StringComparer.Ordinal),
            alive.OrderBy(a => a.Key, StringComparer.Ordinal));
    }

    private static ProductStamp Stamp(Random random) =>
        new(new((ulong)random.NextInt64(), (ulong)random.NextInt64()), new((ulong)random.NextInt64(), (ulong)random.NextInt64()), random.NextInt64(), random.Next(2) == 0);
}
