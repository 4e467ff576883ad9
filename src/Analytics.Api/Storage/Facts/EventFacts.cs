using Analytics.Storage.Cells;

namespace Analytics.Storage.Facts;

/// <summary>What events count for, by the person they name and their event type.</summary>
static class EventFacts
{
    /// <summary>Events of any rank, at their own time and person.</summary>
    public const int Events = 0;

    /// <summary>Events without a parent. Their traces' values are counted with them.</summary>
    public const int Roots = 1;

    /// <summary><c>_cost.amount</c> of the events themselves, at their own time, in units of 1e-12.</summary>
    public const int Cost = 2;

    /// <summary>Those of the events that the service itself sends about customers: they make nobody active.</summary>
    public const int ServiceEvents = 3;

    /// <summary>Sums that rollups add up beside those of events have numbers from here on.</summary>
    public const int MaxSums = 8;

    /// <summary>Numeric fields are counted per trace: what a root and all below it add up to, at the root's time and person.</summary>
    public static readonly Section Section = new(
        1, "events", Grain.QuarterHour, [Dimension.Person, Dimension.EventType], ["events", "roots", "own cost", "service's own events"])
    {
        HasQuickSums = true, IsOfPeople = true,
    };

    /// <summary>How many events there are that make their person active.</summary>
    public static Int128 Active(Cell cell) => cell[Events] - cell[ServiceEvents];

    extension(Cell cell)
    {
        public long Events
        {
            get => (long)cell[EventFacts.Events];
            set => cell[EventFacts.Events] = value;
        }

        public long Roots
        {
            get => (long)cell[EventFacts.Roots];
            set => cell[EventFacts.Roots] = value;
        }

        public Int128 OwnCost
        {
            get => cell[Cost];
            set => cell[Cost] = value;
        }
    }
}
