using System.Text;
using Analytics.Storage;
using Analytics.Storage.Business;
using Analytics.Tests.Oracle;

namespace Analytics.Tests.Storage.Business;

public sealed class TextNumbersTests(AnalyticsApi api)
{
    static readonly byte[] HashKey = [1, 2, 3];

    static ReadOnlyMemory<byte>[] Texts(params string[] texts) => [.. texts.Select(text => (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(text))];

    [Fact]
    public async Task Texts_of_a_kind_are_numbered_from_one_and_keep_their_numbers()
    {
        var (one, other) = (await WorkspaceAsync(), await WorkspaceAsync());
        Assert.Equal("1 2 0 1", await NumbersAsync(one, TextKind.Product, "a", "b", "", "a"));
        Assert.Equal("3 2 1", await NumbersAsync(one, TextKind.Product, "A", "b", "a"));
        Assert.Equal("1", await NumbersAsync(one, TextKind.Tool, "b"));
        Assert.Equal("1", await NumbersAsync(other, TextKind.Product, "b"));
    }

    [Fact]
    public async Task A_writer_that_knows_them_asks_nobody_and_one_that_does_not_finds_what_others_added()
    {
        var workspace = await WorkspaceAsync();
        await NumbersAsync(workspace, TextKind.Product, "a", "b");
        var known = new KnownTexts();
        await using var connection = await api.Store.OpenConnectionAsync(TestContext.Current.CancellationToken);
        var numbers = new TextNumbers(connection, workspace, HashKey, known);
        await numbers.AssignAsync(TextKind.Product, Texts("b", "c"), default);
        Assert.Equal((2, 3, 0, 2), (Of("b"), Of("c"), Of("a"), known.Count));
        await connection.CloseAsync();
        await numbers.AssignAsync(TextKind.Product, Texts("c", ""), default);
        Assert.Equal(3, Of("c"));

        int Of(string text) => numbers.Of(TextKind.Product, Encoding.UTF8.GetBytes(text));
    }

    [Fact]
    public async Task There_is_room_for_so_many_tools_and_all_others_have_one_number()
    {
        var workspace = await WorkspaceAsync();
        string[] made = [.. Enumerable.Range(1, TextRoom.Most + 3).Select(at => $"{at}")];
        Assert.Equal("1 1999", await NumbersAsync(workspace, TextKind.Agent, [.. made[..1_999]], shown: [0, 1_998]));
        Assert.Equal("2000 2001 2001 7", await NumbersAsync(workspace, TextKind.Agent, [.. made[1_999..2_002], "7"], shown: [0, 1, 2, 3]));
        // Nobody who comes later has a number of its own, nor has the others' name.
        Assert.Equal("2001 2001 2001 2000", await NumbersAsync(
            workspace, TextKind.Agent, ["2003", "2001", TextRoom.Other, "2000"], shown: [0, 1, 2, 3]));
        Assert.Equal("2001", await NumbersAsync(workspace, TextKind.CostKey, [.. made[..2_001]], shown: [2_000]));
    }

    [Fact]
    public async Task Whoever_names_the_others_takes_nobodys_place()
    {
        var workspace = await WorkspaceAsync();
        await using var connection = await api.Store.OpenConnectionAsync(TestContext.Current.CancellationToken);
        var numbers = new TextNumbers(connection, workspace, HashKey, new KnownTexts()) { Written = 7 };
        Assert.Equal((int[])[2_001], await numbers.AssignAsync(TextKind.Agent, Texts(TextRoom.Other), default));
        Assert.Equal((int[])[1, 2], await numbers.AssignAsync(TextKind.Agent, Texts("a", "b"), default));
        // An event that was there before may have been one of the others.
        Assert.Equal((2_001, 1), (Of("a", 7), Of("a", 8)));

        int Of(string text, long sequence) => numbers.Of(TextKind.Agent, Encoding.UTF8.GetBytes(text), sequence);
    }

    [Fact]
    public async Task Of_what_may_be_somebodys_only_a_hash_is_stored()
    {
        var workspace = await WorkspaceAsync();
        await NumbersAsync(workspace, TextKind.Visitor, "ada@acme.com");
        await NumbersAsync(workspace, TextKind.Agent, "claude");
        Assert.Equal([null, "claude"], await api.Store.QueryAsync(
            "select text from texts where workspace_id = $1 order by text nulls first", [workspace],
            row => row.IsDBNull(0) ? null : row.GetString(0), default));
    }

    [Fact]
    public async Task Texts_are_looked_up_by_their_numbers_one_by_one_or_in_a_row()
    {
        var workspace = await WorkspaceAsync();
        await NumbersAsync(workspace, TextKind.Agent, "a", "b", "c");
        await using var connection = await api.Store.OpenConnectionAsync(TestContext.Current.CancellationToken);
        Assert.Equal("2 b", await OfAsync(2));
        Assert.Equal("1 a, 2 b, 3 c", await OfAsync(3, 1, 7));
        Assert.Equal("1 a, 3 c", await OfAsync(3, 1, 700));
        Assert.Equal("", await OfAsync());

        async Task<string> OfAsync(params int[] asked)
        {
            var found = new SortedDictionary<int, string>();
            await TextLookup.OfAsync(connection, workspace, TextKind.Agent, asked, found.Add, default);
            return string.Join(", ", found.Select(one => $"{one.Key} {one.Value}"));
        }
    }

    async Task<int> WorkspaceAsync() => (await Upkeep.OfAsync(await api.NewWorkspaceAsync())).Workspace;

    Task<string> NumbersAsync(int workspace, TextKind kind, params string[] texts) =>
        NumbersAsync(workspace, kind, texts, [.. Enumerable.Range(0, texts.Length)]);

    async Task<string> NumbersAsync(int workspace, TextKind kind, string[] texts, int[] shown)
    {
        await using var connection = await api.Store.OpenConnectionAsync(TestContext.Current.CancellationToken);
        var numbers = new TextNumbers(connection, workspace, HashKey, new KnownTexts());
        var given = await numbers.AssignAsync(kind, Texts(texts), default);
        Assert.Equal(given, Texts(texts).Select(text => numbers.Of(kind, text.Span)));
        return string.Join(' ', shown.Select(at => given[at]));
    }
}
