using System.Text.Json;
using AiPlatform.Core.Access;
using AiPlatform.Core.Catalog;
using Xunit;

namespace AiPlatform.Contracts.Tests.Catalog;

/// <summary>What every engine owes to its readers, compared with a brute-force oracle. A subclass opens its engine.</summary>
public abstract partial class CatalogContract : IAsyncLifetime
{
    private ICatalogIndex _index = null!;
    private ICatalogStore _store = null!;

    /// <summary>Opens an empty engine.</summary>
    internal abstract Task<(ICatalogIndex Index, ICatalogStore Store)> OpenAsync();

    /// <summary>Closes it and removes what it kept.</summary>
    internal abstract Task CloseAsync();

    public async Task InitializeAsync()
    {
        (_index, _store) = await OpenAsync();
        await BuildAsync(CatalogProducts.Name, CatalogProducts.All);
    }

    public Task DisposeAsync() => CloseAsync();

    [SkippableFact]
    public async Task VisibleSet_EveryCaller_IsTheOracles()
    {
        foreach (var scope in CatalogScopes.Seeing)
        {
            var visible = CatalogOracle.Visible(scope);
            Assert.NotEmpty(visible);
            Assert.Equal(Ids(visible), Sorted(await AllAsync(scope, Browse())));
            Assert.Equal(visible.Count, (await SearchAsync(scope, Browse())).Total);
            var listed = Assert.Single(await _index.ListCatalogsAsync(scope, default));
            Assert.Equal((CatalogProducts.Name, visible.Count), (listed.Name, listed.VisibleProducts));
        }

        Assert.Equal(CatalogScopes.Seeing.Length, CatalogScopes.Seeing.Select(s => string.Join(' ', CatalogOracle.Visible(s).Select(p => p.Id))).Distinct().Count());
    }

    [SkippableFact]
    public async Task Get_EveryCaller_AnswersVisibleProductsWholeInTheOrderAsked()
    {
        foreach (var scope in CatalogScopes.Seeing)
        {
            foreach (var batch in CatalogProducts.All.Select(p => p.Id).Reverse().Append("never").Chunk(CatalogLimits.Ids))
            {
                var visible = CatalogOracle.Visible(scope).ToDictionary(p => p.Id);
                var expected = batch.Where(visible.ContainsKey).Select(id => visible[id]);
                Assert.Equal(Json(expected), Json(await _index.GetAsync(scope, CatalogProducts.Name, batch, default)));
            }
        }
    }

    public static TheoryData<string> Filters => [.. FilterCases.Keys];

    [SkippableTheory]
    [MemberData(nameof(Filters))]
    public async Task Filter_EveryCaller_KeepsWhatTheOracleKeeps(string name)
    {
        var matched = 0;
        foreach (var scope in CatalogScopes.Seeing)
        {
            var (filters, canonical) = FilterCases[name];
            var expected = CatalogOracle.Visible(scope).Where(p => canonical.All(f => CatalogOracle.Passes(p, f))).ToList();
            Assert.Equal(Ids(expected), Sorted(await AllAsync(scope, Browse() with { Filters = [.. filters] })));
            Assert.Equal(expected.Count, (await SearchAsync(scope, Browse() with { Filters = [.. filters] })).Total);
            var lamps = expected.Where(p => CatalogOracle.HasAny(p, "lamp")).ToList();
            Assert.Equal(Ids(lamps), Sorted(await AllAsync(scope, Words("lamp") with { Filters = [.. filters] })));
            matched += expected.Count;
        }

        Assert.True(matched > 0 || name.StartsWith("no ", StringComparison.Ordinal), "the case filters everything away: it proves nothing");
    }

    [SkippableFact]
    public async Task Words_EveryCaller_FindsProductsWithAnyOfThem()
    {
        foreach (var scope in CatalogScopes.Seeing)
        {
            foreach (var words in new[] { "lamp", "red kettle", "steel drum garden", "green", "cup", "mystique", "vault" })
            {
                var expected = CatalogOracle.Visible(scope).Where(p => CatalogOracle.HasAny(p, words.Split(' '))).ToList();
                if (expected.Count == 0)
                {
                    continue;
                }

                var ids = await AllAsync(scope, Words(words));
                Assert.Equal(ids.Count, ids.Distinct().Count());
                Assert.Equal(Ids(expected), Sorted(ids));
                Assert.Equal(expected.Count, (await SearchAsync(scope, Words(words))).Total);
            }
        }
    }

    [SkippableTheory]
    [InlineData("brand")]
    [InlineData("class")]
    [InlineData("category")]
    [InlineData("availability")]
    [InlineData("region")]
    [InlineData("spec.power")]
    [InlineData("Power")]
    [InlineData("colour")]
    [InlineData("currency")]
    public async Task Facet_EveryCaller_CountsAsTheOracle(string field)
    {
        var canonical = field is "Power" ? "spec.power" : field is "colour" ? "spec.colour" : field;
        foreach (var scope in CatalogScopes.Seeing)
        {
            foreach (var text in new[] { "", "lamp" })
            {
                var matching = CatalogOracle.Visible(scope).Where(p => text.Length == 0 || CatalogOracle.HasAny(p, text)).ToList();
                var expected = CatalogOracle.Facet(matching, canonical);
                var page = await SearchAsync(scope, Words(text) with { Facets = [new FacetRequest(field, 7), new FacetRequest("price"), new FacetRequest("rating")] });
                var overview = await _index.ListFacetsAsync(scope, new FacetQuery { Catalog = CatalogProducts.Name, Text = text, Facets = [new FacetRequest(field, 7)] }, default);
                Assert.Equal(canonical, page.Facets[0].Field);
                Assert.Equal(expected.Take(7), page.Facets[0].Values.Select(v => (CatalogOracle.Plain(v.Value), v.Count)));
                Assert.Equal(expected.Count, page.Facets[0].DistinctValues);
                Assert.Equal((matching.Min(p => p.Price), matching.Max(p => p.Price)), (page.Facets[1].Min, page.Facets[1].Max));
                Assert.Equal(((decimal?)matching.Min(p => p.Rating), (decimal?)matching.Max(p => p.Rating)), (page.Facets[2].Min, page.Facets[2].Max));
                Assert.Equal(Json(page.Facets[0]), Json(overview.Facets[0]));
                Assert.Equal(matching.Count, overview.Total);
                Assert.All(page.Facets[0].Values, v => Assert.Contains(CatalogOracle.Visible(scope), p => CatalogOracle.Values(p, canonical).Contains(v.Value)));
            }
        }
    }

    [SkippableFact]
    public async Task Facet_EveryValueOfTheOverview_FiltersToAsManyProductsAsItCounts()
    {
        var overview = await _index.ListFacetsAsync(CatalogScopes.Staff, new FacetQuery { Catalog = CatalogProducts.Name }, default);
        Assert.Contains(overview.Facets, f => f.Field == "spec.power");
        foreach (var facet in overview.Facets)
        {
            foreach (var value in facet.Values)
            {
                var page = await SearchAsync(CatalogScopes.Staff, Browse() with { Filters = [QueryFilter.In(facet.Field, value.Value)] });
                Assert.True(page.Total == value.Count, $"{facet.Field} = {value.Value}: {value.Count} in the facet, {page.Total} found");
            }
        }
    }

    public static TheoryData<string, string> FacetTexts => new()
    {
        { "brand", "" }, { "brand", "acme" }, { "brand", " ACME " }, { "brand", "ac" }, { "brand", "acem" }, { "brand", "nron" }, { "brand", "mystique" }, { "brand", "mystiqe" }, { "brand", "o" },
        { "class", "sofas" }, { "class", "kettel" }, { "class", "secretkind" }, { "category", "" }, { "category", "home" }, { "category", "lamp" }, { "category", "Light/Heat" },
        { "category", "Home > Light/Heat" }, { "category", "Home/Room" }, { "category", "romo" }, { "category", "heat" }, { "category", "vault" }, { "region", "e" }, { "availability", "stock" },
        { "availability", "in_stcok" }, { "Colour", "gren" }, { "spec.power", "00 w" }, { "spec.power", "100" }, { "spec.codename", "z" }, { "nonsense", "x" }, { "currency", "xau" },
        { "", "" }, { "", "pow" }, { "", "color" }, { "", "codename" }, { "", "ower" },
    };

    [SkippableTheory]
    [MemberData(nameof(FacetTexts))]
    public async Task FacetValues_EveryCallerAndSize_AreTheOraclesInItsOrder(string field, string text)
    {
        var name = field.Length == 0 ? null : field;
        var canonical = field is "Colour" or "nonsense" ? "spec." + field.ToLowerInvariant() : name;
        foreach (var scope in CatalogScopes.Seeing)
        {
            var expected = CatalogOracle.Find(CatalogOracle.Visible(scope), canonical, text);
            foreach (var size in new[] { 1, 2, CatalogLimits.FacetValues })
            {
                var found = await _index.FindFacetValuesAsync(scope, new FacetValueQuery { Catalog = CatalogProducts.Name, Field = name, Text = text, Size = size }, default);
                Assert.Equal(expected.Take(size), found.Select(f => (CatalogOracle.Plain(f.Value), f.Count, f.Match)));
                Assert.All(found, f => Assert.True(name is null || CatalogOracle.Visible(scope).Any(p => CatalogOracle.Values(p, canonical!).Contains(f.Value)), $"{f.Value} is written by no visible product"));
            }
        }
    }

    [SkippableTheory]
    [InlineData("")]
    [InlineData("s")]
    [InlineData("set-")]
    [InlineData("set-1")]
    [InlineData("SET-1")]
    [InlineData("et-1")]
    [InlineData("\uFFFF")]
    public async Task FacetValues_OfTheId_AreTheVisibleIdsThatBeginSo(string text)
    {
        foreach (var scope in CatalogScopes.Seeing)
        {
            var expected = CatalogOracle.Visible(scope).Select(p => p.Id).Where(id => id.StartsWith(text, StringComparison.Ordinal)).Order(StringComparer.Ordinal).ToList();
            foreach (var size in new[] { 1, 2, CatalogLimits.FoundValues })
            {
                var found = await _index.FindFacetValuesAsync(scope, new FacetValueQuery { Catalog = CatalogProducts.Name, Field = "id", Text = text, Size = size }, default);
                Assert.Equal(expected.Take(size), found.Select(f => f.Value));
                Assert.All(found, f => Assert.Equal((1, f.Value == text ? FacetMatch.Exact : FacetMatch.Prefix), (f.Count, f.Match)));
            }
        }
    }

    [SkippableFact]
    public async Task FacetValues_OutOfBounds_AreRefusedByCode()
    {
        async Task Refused(string code, string field, string text = "", int size = 10) =>
            await AssertCode(code, () => _index.FindFacetValuesAsync(CatalogScopes.Staff, new FacetValueQuery { Catalog = CatalogProducts.Name, Field = field, Text = text, Size = size }, default).AsTask());

        await Refused(CatalogErrors.OutOfRange, "brand", size: 0);
        await Refused(CatalogErrors.OutOfRange, "brand", size: CatalogLimits.FoundValues + 1);
        await Refused(CatalogErrors.QueryTooLong, "brand", new string('x', CatalogLimits.QueryCharacters + 1));
        foreach (var field in new[] { "price", "rating", "allowedGroups", "access_level", "restrictedRegions", "" })
        {
            await Refused(CatalogErrors.InvalidFilter, field);
        }
    }

    [SkippableTheory]
    [InlineData(ProductSort.PriceAscending)]
    [InlineData(ProductSort.PriceDescending)]
    [InlineData(ProductSort.Rating)]
    [InlineData(ProductSort.Newest)]
    public async Task Sort_EveryCaller_OrdersAsTheOracleWithMissingValuesLast(ProductSort sort)
    {
        foreach (var scope in CatalogScopes.Seeing)
        {
            var expected = CatalogOracle.Sorted(CatalogOracle.Visible(scope), sort).Select(p => p.Id);
            Assert.Equal(expected, await AllAsync(scope, Browse() with { Sort = sort, PageSize = 13 }));
            var lamps = CatalogOracle.Sorted(CatalogOracle.Visible(scope).Where(p => CatalogOracle.HasAny(p, "lamp")), sort).Select(p => p.Id);
            Assert.Equal(lamps, await AllAsync(scope, Words("lamp") with { Sort = sort, PageSize = 13 }));
        }
    }

    [SkippableTheory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(200)]
    public async Task Paging_AnyPageSize_GivesTotalDistinctProductsInTheOrderOfOneBigPage(int pageSize)
    {
        var whole = await AllAsync(CatalogScopes.Staff, Words("lamp tent red") with { PageSize = 200 });
        var query = Words("lamp tent red") with { PageSize = pageSize, IncludeProducts = false };
        var total = (await SearchAsync(CatalogScopes.Staff, query)).Total;

        var paged = await AllAsync(CatalogScopes.Staff, query);

        Assert.Equal(total, paged.Distinct().Count());
        Assert.Equal(whole, paged);
    }

    [SkippableFact]
    public async Task Cursor_OfAnotherScopeRequestOrGenerationOrTampered_IsInvalid()
    {
        var query = Words("lamp") with { PageSize = 5 };
        var cursor = (await SearchAsync(CatalogScopes.Staff, query)).NextCursor!;
        Assert.NotEmpty((await SearchAsync(CatalogScopes.Staff, query with { Cursor = cursor })).Hits);

        await AssertInvalid(CatalogScopes.Shopper, query with { Cursor = cursor });
        Assert.Equal(CatalogScopes.Staff.Fingerprint, CatalogScopes.Colleague.Fingerprint);
        await AssertInvalid(CatalogScopes.Colleague, query with { Cursor = cursor });
        await AssertInvalid(CatalogScopes.System, query with { Cursor = cursor });
        foreach (var other in new[]
        {
            query with { Text = "tent" }, query with { Filters = [QueryFilter.In("brand", "acme")] }, query with { Sort = ProductSort.Newest }, query with { PageSize = 6 }, query with { Mode = SearchMode.Hybrid },
        })
        {
            await AssertInvalid(CatalogScopes.Staff, other with { Cursor = cursor });
        }

        for (var i = 0; i < cursor.Length; i++)
        {
            var changed = cursor.ToCharArray();
            changed[i] = changed[i] == 'A' ? 'B' : 'A';
            await AssertInvalid(CatalogScopes.Staff, query with { Cursor = new string(changed) });
        }

        // The last letter's unused bits must not make another spelling of the same cursor.
        foreach (var last in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".Where(c => c != cursor[^1]))
        {
            await AssertInvalid(CatalogScopes.Staff, query with { Cursor = cursor[..^1] + last });
        }

        foreach (var forged in new[] { "x", cursor + "A", cursor[..^1], "0", new string('A', cursor.Length), "ü" })
        {
            await AssertInvalid(CatalogScopes.Staff, query with { Cursor = forged });
        }

        await BuildAsync(CatalogProducts.Name, CatalogProducts.All);
        await AssertInvalid(CatalogScopes.Staff, query with { Cursor = cursor });
    }

    [SkippableFact]
    public async Task Similar_EveryCaller_AnswersOtherVisibleProducts()
    {
        foreach (var scope in CatalogScopes.Seeing)
        {
            var visible = CatalogOracle.Visible(scope).Select(p => p.Id).ToHashSet();
            foreach (var id in visible.Take(12))
            {
                var page = await _index.FindSimilarAsync(scope, new SimilarQuery { Catalog = CatalogProducts.Name, Id = id, Size = 200, Filters = [QueryFilter.In("brand", "acme", "bolt")] }, default);
                Assert.DoesNotContain(page.Hits, h => h.Id == id);
                Assert.All(page.Hits, h => Assert.Contains(h.Id, visible));
                Assert.All(page.Hits, h => Assert.Contains(CatalogOracle.Plain(h.Product!.Brand), new[] { "acme", "bolt" }));
            }
        }

        var first = CatalogOracle.Visible(CatalogScopes.Staff).First(p => p.Name == "red lamp");
        Assert.NotEmpty((await _index.FindSimilarAsync(CatalogScopes.Staff, new SimilarQuery { Catalog = CatalogProducts.Name, Id = first.Id }, default)).Hits);
    }

    [SkippableFact]
    public async Task Suggest_EveryCaller_CompletesToWhatTheCallerFinds()
    {
        foreach (var scope in CatalogScopes.Seeing)
        {
            var visible = CatalogOracle.Visible(scope);
            foreach (var prefix in new[] { "l", "la", "ac", "red k", "he", "m", "q", "with", "s" })
            {
                var suggestions = await _index.SuggestAsync(scope, new SuggestQuery { Catalog = CatalogProducts.Name, Prefix = prefix, Size = 20 }, default);
                foreach (var suggestion in suggestions)
                {
                    Assert.StartsWith(prefix, suggestion.Text, StringComparison.OrdinalIgnoreCase);
                    Assert.True((await SearchAsync(scope, Words(suggestion.Text))).Total > 0, $"'{suggestion.Text}' finds nothing");
                    Assert.Equal(Stands(visible, suggestion), suggestion.Count);
                }
            }

            Assert.NotEmpty(await _index.SuggestAsync(CatalogScopes.Staff, new SuggestQuery { Catalog = CatalogProducts.Name, Prefix = "la" }, default));
        }
    }

    [SkippableTheory]
    [InlineData("kettel", "kettle")]
    [InlineData("lammp", "lamp")]
    [InlineData("red ketle", "red kettle")]
    [InlineData("hedset", "headset")]
    public async Task Spelling_UnknownWord_IsCorrectedToAVisibleOne(string typed, string meant)
    {
        var page = await SearchAsync(CatalogScopes.Staff, Words(typed));

        Assert.Equal(meant, page.CorrectedText);
        Assert.Equal((await SearchAsync(CatalogScopes.Staff, Words(meant))).Total, page.Total);
        Assert.Null((await SearchAsync(CatalogScopes.Staff, Words(meant))).CorrectedText);
    }

    [SkippableFact]
    public async Task Without_AWord_PutsProductsThatHaveItLast()
    {
        var ids = (await SearchAsync(CatalogScopes.Staff, Words("cup without handle"))).Hits.Select(h => h.Id).Where(id => id.StartsWith("cup", StringComparison.Ordinal)).ToList();

        Assert.Equal(3, ids.Count);
        Assert.Equal("cup-2", ids[^1]);
    }

    [SkippableFact]
    public async Task Compound_WordsWrittenApart_FindTheJoinedWord()
    {
        var ids = await AllAsync(CatalogScopes.Staff, Words("head set"));

        Assert.Contains("set-1", ids);
        Assert.Contains("set-4", ids);
    }

    [SkippableFact]
    public async Task Phrase_Quoted_MustOccur()
    {
        Assert.Equal(["phrase-1", "phrase-2"], Sorted(await AllAsync(CatalogScopes.Staff, Words("\"garden hose\""))));
        Assert.Equal(3, (await SearchAsync(CatalogScopes.Staff, Words("garden hose"))).Total);
    }

    [SkippableFact]
    public async Task Highlights_MatchedWords_AreMarkedAndNothingElseChanged()
    {
        var page = await SearchAsync(CatalogScopes.Staff, Words("red lamp") with { IncludeHighlights = true, PageSize = 50 });

        Assert.All(page.Hits, hit => Assert.NotEmpty(hit.Highlights));
        foreach (var (hit, highlight) in page.Hits.SelectMany(h => h.Highlights.Select(l => (h.Product!, l))))
        {
            Assert.Contains("**", highlight.Snippet, StringComparison.Ordinal);
            var marked = highlight.Snippet.Split("**").Where((_, i) => i % 2 == 1);
            Assert.All(marked, word => Assert.Contains(CatalogOracle.Plain(word), new[] { "red", "lamp" }));
            if (highlight.Field == "name")
            {
                Assert.Equal(hit.Name, highlight.Snippet.Replace("**", "", StringComparison.Ordinal));
            }
        }

        Assert.All((await SearchAsync(CatalogScopes.Staff, Words("red lamp"))).Hits, h => Assert.Empty(h.Highlights));
    }

    [SkippableFact]
    public async Task Options_ProductsAndTotalNotAskedFor_AreLeftOut()
    {
        var page = await SearchAsync(CatalogScopes.Staff, Words("lamp") with { IncludeProducts = false, IncludeTotal = false });

        Assert.Null(page.Total);
        Assert.All(page.Hits, h => Assert.Null(h.Product));
        Assert.NotEmpty(page.Hits);
    }

    [SkippableFact]
    public async Task Limits_Beyond_AreRefusedByCode()
    {
        var scope = CatalogScopes.Staff;
        await AssertCode(CatalogErrors.OutOfRange, () => SearchAsync(scope, Browse() with { PageSize = 0 }));
        await AssertCode(CatalogErrors.OutOfRange, () => SearchAsync(scope, Browse() with { PageSize = CatalogLimits.PageSize + 1 }));
        await AssertCode(CatalogErrors.QueryTooLong, () => SearchAsync(scope, Words(new string('x', CatalogLimits.QueryCharacters + 1))));
        await AssertCode(CatalogErrors.QueryTooLong, () => _index.SuggestAsync(scope, new SuggestQuery { Catalog = CatalogProducts.Name, Prefix = new string('x', CatalogLimits.QueryCharacters + 1) }, default).AsTask());
        await AssertCode(CatalogErrors.OutOfRange, () => SearchAsync(scope, Browse() with { Facets = [new("brand", CatalogLimits.FacetValues + 1)] }));
        await AssertCode(CatalogErrors.OutOfRange, () => SearchAsync(scope, Browse() with { Facets = [new("brand", 0)] }));
        await AssertCode(CatalogErrors.OutOfRange, () => SearchAsync(scope, Browse() with { Facets = [.. Enumerable.Repeat(new FacetRequest("brand"), CatalogLimits.Facets + 1)] }));
        await AssertCode(CatalogErrors.OutOfRange, () => _index.GetAsync(scope, CatalogProducts.Name, [.. Enumerable.Repeat("p", CatalogLimits.Ids + 1)], default).AsTask());
        await AssertCode(CatalogErrors.OutOfRange, () => _index.FindSimilarAsync(scope, new SimilarQuery { Catalog = CatalogProducts.Name, Id = "set-1", Size = 201 }, default).AsTask());
        await AssertCode(CatalogErrors.OutOfRange, () => _index.SuggestAsync(scope, new SuggestQuery { Catalog = CatalogProducts.Name, Prefix = "l", Size = 21 }, default).AsTask());
        await AssertCode(CatalogErrors.InvalidFilter, () => SearchAsync(scope, Browse() with { Filters = [.. Enumerable.Repeat(QueryFilter.Exists("brand"), CatalogLimits.Filters + 1)] }));
        await AssertCode(CatalogErrors.InvalidFilter, () => SearchAsync(scope, Browse() with { Filters = [QueryFilter.In("brand")] }));
        await AssertCode(CatalogErrors.InvalidFilter, () => SearchAsync(scope, Browse() with { Filters = [QueryFilter.In("brand", [.. Enumerable.Repeat("x", CatalogLimits.FilterValues + 1)])] }));
        await AssertCode(CatalogErrors.InvalidFilter, () => SearchAsync(scope, Browse() with { Filters = [QueryFilter.Range("price", null, null)] }));
        await AssertCode(CatalogErrors.InvalidFilter, () => SearchAsync(scope, Browse() with { Filters = [QueryFilter.Range("price", 2, 1)] }));
        await AssertCode(CatalogErrors.InvalidFilter, () => SearchAsync(scope, Browse() with { Filters = [new QueryFilter("brand", (QueryFilterOperator)9)] }));
        Assert.Equal(0, (await SearchAsync(scope, Words(string.Join(' ', Enumerable.Range(0, 200).Select(i => $"{i}x"))))).Total);
    }

    [SkippableTheory]
    [InlineData("accessLevel")]
    [InlineData("access_level")]
    [InlineData(" ALLOWEDGROUPS ")]
    [InlineData("allowed_groups")]
    [InlineData("restrictedRegions")]
    [InlineData("")]
    public async Task AccessFields_FilteredOrCounted_AreRefusedAsNoField(string field)
    {
        foreach (var scope in new[] { CatalogScopes.Staff, CatalogScopes.System })
        {
            await AssertCode(CatalogErrors.InvalidFilter, () => SearchAsync(scope, Browse() with { Filters = [QueryFilter.Exists(field)] }));
            await AssertCode(CatalogErrors.InvalidFilter, () => SearchAsync(scope, Browse() with { Facets = [new(field)] }));
            await AssertCode(CatalogErrors.InvalidFilter, () => _index.ListFacetsAsync(scope, new FacetQuery { Catalog = CatalogProducts.Name, Facets = [new(field)] }, default).AsTask());
            await AssertCode(CatalogErrors.InvalidFilter, () => _index.FindSimilarAsync(scope, new SimilarQuery { Catalog = CatalogProducts.Name, Id = "set-1", Filters = [QueryFilter.In(field, "public")] }, default).AsTask());
        }

        Assert.DoesNotContain((await _index.ListFacetsAsync(CatalogScopes.System, new FacetQuery { Catalog = CatalogProducts.Name }, default)).Facets, f => f.Field is "accesslevel" or "allowedgroups" or "restrictedregions");
    }

    [SkippableFact]
    public async Task UnknownField_FilteredOrCounted_MatchesNothing()
    {
        Assert.Equal(0, (await SearchAsync(CatalogScopes.Staff, Browse() with { Filters = [QueryFilter.Exists("nonsense")] })).Total);
        var facet = (await SearchAsync(CatalogScopes.Staff, Browse() with { Facets = [new("nonsense")] })).Facets[0];
        Assert.Equal(("spec.nonsense", 0, 0), (facet.Field, facet.Values.Length, facet.DistinctValues));
    }

    [SkippableFact]
    public async Task UnknownCatalog_MissingOrOutOfSight_AreAnsweredAlike()
    {
        var missing = await AnswersAsync(CatalogScopes.Staff, "never-built");
        Assert.All(missing, m => Assert.StartsWith(CatalogErrors.UnknownCatalog, m, StringComparison.Ordinal));
        Assert.Equal(missing, await AnswersAsync(CatalogScopes.Staff, "../" + CatalogProducts.Name));
        foreach (var scope in CatalogScopes.Blind)
        {
            Assert.Equal(missing, await AnswersAsync(scope, CatalogProducts.Name));
            Assert.Empty(await _index.ListCatalogsAsync(scope, default));
        }
    }

    [SkippableFact]
    public async Task Forbidden_EveryRead_AnswersAsForWhatNeverExisted()
    {
        var scope = CatalogScopes.Staff;
        Assert.True((await SearchAsync(CatalogScopes.System, Words(CatalogProducts.SecretWord))).Total > 0);
        Assert.Equal(await ProbeAsync(scope, "wombatphone", "Unbrandy", "absent-1", "Nokind", "Cellar", "Nocode"), await ProbeAsync(scope, CatalogProducts.SecretWord, CatalogProducts.SecretBrand, CatalogProducts.SecretId, "Secretkind", "Vault", "Codename"));
        var everything = Json(await _index.ListFacetsAsync(scope, new FacetQuery { Catalog = CatalogProducts.Name }, default));
        Assert.DoesNotContain("codename", everything, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("mystique", everything, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("99999", everything, StringComparison.OrdinalIgnoreCase);
    }

    [SkippableFact]
    public async Task Generation_AfterEverySwap_IsHigherAndInEveryAnswer()
    {
        var first = (await SearchAsync(CatalogScopes.Staff, Browse())).Generation;
        await BuildAsync(CatalogProducts.Name, CatalogProducts.All);
        var second = (await SearchAsync(CatalogScopes.Staff, Browse())).Generation;
        var back = await _store.RollbackAsync(CatalogScopes.System, CatalogProducts.Name, default);

        Assert.True(first < second && second < back.Number);
        Assert.Equal(back.Number, (await SearchAsync(CatalogScopes.Staff, Browse())).Generation);
        Assert.Equal(back.Number, (await _store.ListGenerationsAsync(CatalogScopes.System, CatalogProducts.Name, default))[0].Number);
        Assert.Equal(back.Number, (await _index.ListFacetsAsync(CatalogScopes.Staff, new FacetQuery { Catalog = CatalogProducts.Name }, default)).Generation);
        Assert.Empty(await _store.VerifyAsync(CatalogScopes.System, CatalogProducts.Name, default));
        Assert.Empty(await _store.ListGenerationsAsync(CatalogScopes.System, "never-built", default));
        Assert.Equal([CatalogProducts.Name], await _store.CatalogNamesAsync(CatalogScopes.System, default));
        await Assert.ThrowsAsync<AccessRefusedException>(() => _store.CatalogNamesAsync(CatalogScopes.Staff, default).AsTask());
    }

    [SkippableFact]
    public async Task Build_WhileAnotherRuns_IsBusy()
    {
        await using var running = await _store.BeginBuildAsync(CatalogScopes.System, Request(CatalogProducts.Name), default);
        await Assert.ThrowsAsync<CatalogBusyException>(() => _store.BeginBuildAsync(CatalogScopes.System, Request(CatalogProducts.Name), default).AsTask());
        await Assert.ThrowsAsync<AccessRefusedException>(() => _store.BeginBuildAsync(CatalogScopes.Staff, Request("other"), default).AsTask());
    }

    private static readonly Dictionary<string, (QueryFilter[] Asked, QueryFilter[] Canonical)> FilterCases = new(StringComparer.Ordinal)
    {
        ["brand"] = Same(QueryFilter.In("brand", "acme")),
        ["brand, another case"] = (([QueryFilter.In(" Brand", "BOLT", "norn")]), [QueryFilter.In("brand", "BOLT", "norn")]),
        ["brand exists"] = Same(QueryFilter.Exists("brand")),
        ["no such brand"] = Same(QueryFilter.In("brand", "nothing")),
        ["category root"] = Same(QueryFilter.In("category", "home")),
        ["category subtree"] = Same(QueryFilter.In("category", "Home / Light/Heat")),
        ["category leaf, alias"] = ([QueryFilter.In("categoryPath", "Home > Light/Heat > lamp")], [QueryFilter.In("category", "Home / Light/Heat / lamp")]),
        ["no category by its leaf alone"] = Same(QueryFilter.In("category", "Room")),
        ["price between"] = Same(QueryFilter.Range("price", 2.25m, 8)),
        ["price from"] = Same(QueryFilter.Range("price", 7.75m, null)),
        ["price up to"] = Same(QueryFilter.Range("price", null, 0)),
        ["price equals"] = Same(QueryFilter.In("price", "3.250", "4")),
        ["price known"] = Same(QueryFilter.Exists("price")),
        ["rating from"] = Same(QueryFilter.Range("rating", 4, null)),
        ["availability"] = Same(QueryFilter.In("availability", "in_stock", "LOW_STOCK")),
        ["region"] = ([QueryFilter.In("regions", "eu")], [QueryFilter.In("region", "eu")]),
        ["id"] = Same(QueryFilter.In("id", CatalogProducts.All[1].Id, CatalogProducts.All[2].Id, "never")),
        ["specification equals"] = ([QueryFilter.In("power", "100 w")], [QueryFilter.In("spec.power", "100 w")]),
        ["specification in"] = Same(QueryFilter.In("spec.colour", "red", "blue")),
        ["specification range"] = ([QueryFilter.Range("specifications.Power", 200, 400)], [QueryFilter.Range("spec.power", 200, 400)]),
        ["specification exists"] = Same(QueryFilter.Exists("spec.colour")),
        ["all together"] = Same(QueryFilter.Exists("price"), QueryFilter.In("brand", "acme", "bolt"), QueryFilter.Range("price", 1, 12), QueryFilter.In("category", "home")),
    };

    private static (QueryFilter[] Asked, QueryFilter[] Canonical) Same(params QueryFilter[] filters) => (filters, filters);

    private static ProductQuery Browse() => new() { Catalog = CatalogProducts.Name, PageSize = 200 };

    private static ProductQuery Words(string text) => new() { Catalog = CatalogProducts.Name, Text = text, Mode = SearchMode.Lexical, PageSize = 200 };

    private static CatalogBuildRequest Request(string catalog) => new(catalog, "suite", "english", "", 0);

    private static string Json<T>(T value) => JsonSerializer.Serialize(value);

    private static string[] Ids(IEnumerable<Product> products) => Sorted(products.Select(p => p.Id));

    private static string[] Sorted(IEnumerable<string> ids) => [.. ids.Order(StringComparer.Ordinal)];

    private static int Stands(List<Product> visible, Suggestion suggestion) => suggestion.Kind switch
    {
        "brand" => visible.Count(p => CatalogOracle.Plain(p.Brand) == CatalogOracle.Plain(suggestion.Text)),
        "class" => visible.Count(p => CatalogOracle.Plain(p.Class) == CatalogOracle.Plain(suggestion.Text)),
        "term" => visible.Count(p => suggestion.Text.Split(' ').All(w => $"{p.Name} {p.Brand} {p.Class}".ToLowerInvariant().Split(' ').Contains(w))),
        _ => -1,
    };

    private static Task AssertInvalid(Func<Task> read) => AssertCode(CatalogErrors.InvalidCursor, read);

    private static async Task AssertCode(string code, Func<Task> read) =>
        Assert.Equal(code, (await Assert.ThrowsAsync<CatalogRequestException>(read)).Code);

    private static async Task<string> AnswerAsync<T>(Func<Task<T>> read)
    {
        try
        {
            return Json(await read());
        }
        catch (CatalogRequestException e)
        {
            return $"{e.Code}|{e.Argument}|{e.Message}";
        }
    }

    private Task AssertInvalid(AccessScope scope, ProductQuery query) => AssertInvalid(() => SearchAsync(scope, query));

    private Task<ProductPage> SearchAsync(AccessScope scope, ProductQuery query) => _index.SearchAsync(scope, query, default).AsTask();

    private async Task<List<string>> AllAsync(AccessScope scope, ProductQuery query)
    {
        var ids = new List<string>();
        do
        {
            var page = await SearchAsync(scope, query);
            Assert.True(page.Hits.Length <= query.PageSize);
            ids.AddRange(page.Hits.Select(h => h.Id));
            query = query with { Cursor = page.NextCursor };
        }
        while (query.Cursor is not null);
        return ids;
    }

    private async Task BuildAsync(string catalog, IEnumerable<Product> products)
    {
        await using var build = await _store.BeginBuildAsync(CatalogScopes.System, Request(catalog), default);
        foreach (var product in products)
        {
            await build.PutAsync(new IndexedProduct(product, default, default, default), default);
        }

        await build.FinishAsync(deleteOthers: true, default);
        await build.CommitAsync(default);
    }

    /// <summary>Every read of a catalog, as text.</summary>
    private async Task<string[]> AnswersAsync(AccessScope scope, string catalog) =>
    [
        await AnswerAsync(() => SearchAsync(scope, Words("lamp") with { Catalog = catalog })),
        await AnswerAsync(() => SearchAsync(scope, Browse() with { Catalog = catalog, Cursor = "forged" })),
        await AnswerAsync(() => _index.GetAsync(scope, catalog, ["set-1"], default).AsTask()),
        await AnswerAsync(() => _index.FindSimilarAsync(scope, new SimilarQuery { Catalog = catalog, Id = "set-1" }, default).AsTask()),
        await AnswerAsync(() => _index.ListFacetsAsync(scope, new FacetQuery { Catalog = catalog }, default).AsTask()),
        await AnswerAsync(() => _index.SuggestAsync(scope, new SuggestQuery { Catalog = catalog, Prefix = "l" }, default).AsTask()),
        await AnswerAsync(() => _index.FindFacetValuesAsync(scope, new FacetValueQuery { Catalog = catalog, Field = "brand", Text = "a" }, default).AsTask()),
    ];

    /// <summary>Everything one can ask about a word, brand, id, class, category and specification; the names themselves are taken out of the answers.</summary>
    private async Task<string[]> ProbeAsync(AccessScope scope, string word, string brand, string id, string kind, string category, string specification)
    {
        QueryFilter[] filters =
        [
            QueryFilter.In("brand", brand), QueryFilter.In("class", kind), QueryFilter.In("category", category), QueryFilter.Exists(specification),
            QueryFilter.In("id", id), QueryFilter.Range("price", 50_000, null), QueryFilter.In("currency", "XAU"),
        ];
        List<string> answers =
        [
            await AnswerAsync(() => _index.GetAsync(scope, CatalogProducts.Name, ["set-1", id, "set-2"], default).AsTask()),
            await AnswerAsync(() => _index.FindSimilarAsync(scope, new SimilarQuery { Catalog = CatalogProducts.Name, Id = id }, default).AsTask()),
            await AnswerAsync(() => _index.ListFacetsAsync(scope, new FacetQuery { Catalog = CatalogProducts.Name, Facets = [new(specification)], Text = word }, default).AsTask()),
        ];
        foreach (var text in new[] { word, word[..^2], $"lamp {word}", brand, $"{brand} lamp", $"\"{word} lamp\"", kind, category, id, $"lamp without {word}" })
        {
            answers.Add(await AnswerAsync(() => SearchAsync(scope, Words(text) with { Facets = [new("brand", 50), new("price"), new(specification)], IncludeHighlights = true })));
            answers.Add(await AnswerAsync(() => SearchAsync(scope, Words(text) with { Sort = ProductSort.PriceDescending, Mode = SearchMode.Hybrid })));
        }

        foreach (var filter in filters)
        {
            answers.Add(await AnswerAsync(() => SearchAsync(scope, Browse() with { Filters = [filter], Facets = [new("brand")] })));
        }

        foreach (var (field, text) in new[] { ("id", id), ("id", id[..^1]), ("brand", brand), ("brand", brand[..^1]), ("class", kind), ("category", category), ("currency", "XAU"), (specification, ""), (null, specification), (null, specification[..4]) })
        {
            answers.Add(await AnswerAsync(() => _index.FindFacetValuesAsync(scope, new FacetValueQuery { Catalog = CatalogProducts.Name, Field = field, Text = text }, default).AsTask()));
            answers.Add(await AnswerAsync(() => _index.FindFacetValuesAsync(scope, new FacetValueQuery { Catalog = CatalogProducts.Name, Field = field, Text = text, Size = 1 }, default).AsTask()));
        }

        foreach (var prefix in new[] { word[..4], brand[..3], $"lamp {word[..3]}", kind[..5] })
        {
            answers.Add(await AnswerAsync(() => _index.SuggestAsync(scope, new SuggestQuery { Catalog = CatalogProducts.Name, Prefix = prefix }, default).AsTask()));
        }

        return [.. answers.Select(a => a.Replace(specification.ToLowerInvariant(), "SPEC", StringComparison.Ordinal))];
    }
}
