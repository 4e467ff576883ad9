using Analytics.Sketches;
using Analytics.Storage.Cells;

namespace Analytics.Tests.Storage.Cells;

/// <summary>A cell is written in few bytes and adds up with others, whole or in parts.</summary>
public sealed class CellFormatTests
{
    [Fact]
    public void A_cell_that_is_written_and_read_is_the_same_cell()
    {
        var random = new Random(1);
        for (var round = 0; round < 500; round++)
        {
            var cell = SomeCell(random);
            Assert.Equal(Describe(cell), Describe(Read(Write(cell))));
        }
    }

    [Fact]
    public void Written_cells_add_up_as_cells_do()
    {
        var random = new Random(2);
        for (var round = 0; round < 300; round++)
        {
            var (one, other) = (SomeCell(random), SomeCell(random));
            var read = Read(Write(one));
            CellFormat.Merge(Write(other), read, CellParts.Everything);
            one.Merge(other);
            Assert.Equal(Describe(one), Describe(read));
        }
    }

    [Fact]
    public void A_lone_root_with_a_cost_takes_six_bytes()
    {
        var cell = new Cell { [0] = 1, [1] = 1, [2] = 25 * DecimalUnits.One };
        cell.Totals(1).Sum = 25 * DecimalUnits.One;
        cell.Totals(1).Values.Add(25 * DecimalUnits.One);
        Assert.InRange(Write(cell).Length, 4, 13);
        Assert.Equal(Describe(cell), Describe(Read(Write(cell))));
    }

    [Fact]
    public void Parts_that_are_not_wanted_are_stepped_over()
    {
        var cell = SomeCell(new Random(7));
        cell.AddToSet(5);
        cell.Totals(2).Values.Add(3);
        var read = new Cell();
        CellFormat.Merge(Write(cell), read, CellParts.Sums);
        Assert.Null(read.Set);
        Assert.Equal(0, read.Fields.Length);
        Assert.Equal(Enumerable.Range(0, 9).Select(sum => cell[sum]), Enumerable.Range(0, 9).Select(sum => read[sum]));
    }

    static byte[] Write(Cell cell)
    {
        using var bytes = new ByteWriter();
        CellFormat.Write(bytes, cell);
        return bytes.ToArray();
    }

    static Cell Read(byte[] bytes)
    {
        var cell = new Cell();
        CellFormat.Merge(bytes, cell, CellParts.Everything);
        return cell;
    }

    internal static Cell SomeCell(Random random)
    {
        var cell = new Cell();
        cell[0] = random.Next(4) == 0 ? random.Next(-5, 1_000) : 1;
        cell[1] = random.Next(3) == 0 ? random.Next(-5, 1_000) : random.Next(2);
        for (var sum = 2; sum < 9; sum++)
            if (random.Next(3) == 0)
                cell[sum] = (Int128)random.NextInt64() * random.Next(-9_000, 9_000);
        if (random.Next(2) == 0)
            cell.Seen(Timeline.Year2000 + random.NextInt64(1L << 50), Timeline.Year2000 + (1L << 51));
        if (random.Next(4) == 0)
            cell.Reached(random.Next(-50, 50));
        for (var number = random.Next(5) * 30; number > 0; number--)
            cell.AddToSet(random.Next(1, 200_000));
        for (short field = 1; field < 5; field++)
            for (var value = random.Next(4) == 0 ? random.Next(150) : 0; value > 0; value--)
            {
                var amount = (Int128)random.Next(1, 1_000_000);
                cell.Totals(field).Sum += amount;
                cell.Totals(field).Values.Add(amount);
            }

        if (random.Next(3) == 0 && cell.Field(1) is { } first)
            cell[2] = first.Sum;
        return cell;
    }

    internal static string Describe(Cell cell)
    {
        var (fields, numbers) = (new List<string>(), new List<int>());
        foreach (var number in cell.Set ?? new PersonSet())
            numbers.Add(number);
        foreach (var totals in cell.Fields)
        {
            totals.Values.Compact();
            fields.Add($"{totals.Field}: {totals.Sum} {string.Join(',', totals.Values.Entries())}");
        }

        return string.Join('|', Enumerable.Range(0, Cell.MaxSums).Select(sum => cell[sum]))
            + $" {(cell.HasTimes ? (cell.FirstTime, cell.LastTime) : (0, 0))} {cell.Maximum} {string.Join(',', numbers)} {string.Join(';', fields)}";
    }
}
