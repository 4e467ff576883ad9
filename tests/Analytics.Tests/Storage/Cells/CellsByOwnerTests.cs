using Analytics.Sketches;
using Analytics.Storage.Cells;

namespace Analytics.Tests.Storage.Cells;

/// <summary>Parts of cells that come in any order are added up owner by owner, by any number of threads.</summary>
public sealed class CellsByOwnerTests
{
    [Theory, InlineData(1), InlineData(2), InlineData(3), InlineData(2, 1), InlineData(1, 20_000)]
    public void Every_part_counts_once_for_its_owner_however_few_are_kept(int shares, int most = int.MaxValue)
    {
        var random = new Random(shares);
        var (gathered, expected) = (new CellsByOwner(CellParts.Everything, most), new Dictionary<(int Owner, int Which), (int Events, int Members)>());
        for (var part = 0; part < 5_000; part++)
        {
            var (owner, which, member) = (random.Next(60) - 30, random.Next(4), part + 1);
            gathered.Add(owner, which, Bytes(member));
            var (events, members) = expected.GetValueOrDefault((owner, which));
            expected[(owner, which)] = (events + 1, members + 1);
        }

        var found = new Dictionary<(int, int), (int, int)>();
        for (var share = 0; share < shares; share++)
            gathered.Each(share, shares, (owner, own) =>
            {
                foreach (var (which, cell) in own)
                    found.Add((owner, which), ((int)cell[0], cell.Set!.Count));
            });

        Assert.Equal(expected.OrderBy(one => one.Key), found.OrderBy(one => one.Key));
    }

    [Fact]
    public void Nothing_gathered_is_nobody_s() => new CellsByOwner(CellParts.Sums).Each(0, 1, (_, _) => Assert.Fail("There is nobody."));

    static ReadOnlySpan<byte> Bytes(int member)
    {
        var (writer, cell) = (new ByteWriter(), new Cell { [0] = 1 });
        cell.AddToSet(member);
        CellFormat.Write(writer, cell);
        return writer.WrittenSpan;
    }
}
