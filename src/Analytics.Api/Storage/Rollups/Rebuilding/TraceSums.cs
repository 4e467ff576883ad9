using System.Runtime.InteropServices;

namespace Analytics.Storage.Rollups.Rebuilding;

/// <summary>
/// What the descendants of many roots add up to, field by field. Some 80 bytes a trace: a recount holds those of a whole
/// workspace.
/// </summary>
sealed class TraceSums
{
    struct Sum
    {
        public Int128 Amount;
        public int Next;
        public short Field;
    }

    readonly Dictionary<Guid, int> first = [];
    readonly List<Sum> sums = [default];

    public void Add(Guid root, short field, Int128 amount)
    {
        ref var at = ref CollectionsMarshal.GetValueRefOrAddDefault(first, root, out _);
        var all = CollectionsMarshal.AsSpan(sums);
        for (var sum = at; sum != 0; sum = all[sum].Next)
            if (all[sum].Field == field)
            {
                all[sum].Amount += amount;
                return;
            }

        sums.Add(new Sum { Field = field, Amount = amount, Next = at });
        at = sums.Count - 1;
    }

    /// <summary>Adds a root's descendants to its own values.</summary>
    public void AddTo(Guid root, List<(short Field, Int128 Value)> values)
    {
        if (!first.TryGetValue(root, out var sum))
            return;
        for (; sum != 0; sum = sums[sum].Next)
        {
            var field = sums[sum].Field;
            var own = values.FindIndex(value => value.Field == field);
            if (own < 0)
                values.Add((field, sums[sum].Amount));
            else
                values[own] = (field, values[own].Value + sums[sum].Amount);
        }
    }
}
