using Analytics.Storage.Cells;

namespace Analytics.Storage.Rollups.Runs;

/// <summary>
/// Where a cell stands: lead, grain and slot in 63 bits, in the order of which pages are kept, then the second dimension's number.
/// All grains of a lead stand together, in the order of their numbers.
/// </summary>
readonly record struct CellKey(long Place, int Second) : IComparable<CellKey>
{
    const int SlotBits = 28;
    const int GrainBits = 4;
    const int LeadShift = SlotBits + GrainBits;

    public CellKey(int lead, Grain grain, int slot, int second) : this(PlaceOf(lead, grain, slot), second)
    {
    }

    public static long PlaceOf(int lead, Grain grain, int slot) =>
        ((long)lead << LeadShift) | ((long)grain << SlotBits) | (uint)slot & ((1u << SlotBits) - 1);

    public int Lead => (int)(Place >> LeadShift);
    public Grain Grain => (Grain)((Place >> SlotBits) & ((1 << GrainBits) - 1));
    public int Slot => (int)(Place & ((1 << SlotBits) - 1));

    public int CompareTo(CellKey other) => Place != other.Place ? Place.CompareTo(other.Place) : Second.CompareTo(other.Second);

    public static bool operator <(CellKey one, CellKey other) => one.CompareTo(other) < 0;
    public static bool operator >(CellKey one, CellKey other) => one.CompareTo(other) > 0;
    public static bool operator <=(CellKey one, CellKey other) => one.CompareTo(other) <= 0;
    public static bool operator >=(CellKey one, CellKey other) => one.CompareTo(other) >= 0;
}
