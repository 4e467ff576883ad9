using Analytics.Feed;

namespace Analytics.Tests.Feed;

public sealed class CursorTests
{
    [Fact]
    public void A_cursor_says_what_it_was_made_of()
    {
        for (var round = 0; round < 200; round++)
        {
            var cursor = new Cursor(Track.Events);
            for (var n = Random.Shared.Next(20); n > 0; n--)
                cursor[Random.Shared.Next(1, 1 << Random.Shared.Next(2, 31))] = Random.Shared.NextInt64(1L << Random.Shared.Next(1, 62));

            var read = Cursor.Parse(cursor.ToString(), Track.Events)!;

            Assert.Equal(cursor.Workspaces, read.Workspaces);
            Assert.All(cursor.Workspaces, workspace => Assert.Equal(cursor[workspace], read[workspace]));
        }
    }

    [Fact]
    public void A_cursor_of_one_workspace_is_short() =>
        Assert.InRange(new Cursor(Track.Events) { [12_345] = 9_876_543_210 }.ToString().Length, 8, 16);

    [Fact]
    public void Other_texts_are_no_cursors()
    {
        foreach (var text in (string[])["", "0", "1", "12345", "abc", "null", "-1", "AAAA", "%00", new string('A', 100_000), "é", "a b c d"])
            Assert.Null(Cursor.Parse(text, Track.Events));
        var mistaken = Enumerable.Range(0, 2_000).Count(n => Cursor.Parse($"cursor-{n}", Track.Events) is not null);
        Assert.InRange(mistaken, 0, 3);
    }
}
