using Microsoft.AspNetCore.Connections;

namespace Analytics.Http;

/// <summary>
/// The connections of this node, so many at most: when they are all there, the one that has been idle for longest gives way to a new
/// one, and where every one is at work the new one is closed. So who only holds connections keeps nobody out.
/// </summary>
sealed class OpenConnections(int most)
{
    readonly Lock gate = new();
    readonly LinkedList<OpenConnection> idle = [];
    int count;

    /// <summary>Connection middleware, for every endpoint.</summary>
    public ConnectionDelegate Admit(ConnectionDelegate next) => async connection =>
    {
        var mine = new OpenConnection(this, connection);
        if (!TryEnter(mine, out var leaving))
        {
            connection.Abort();
            return;
        }

        leaving?.GiveWay();
        connection.Features.Set(mine);
        try
        {
            await next(connection);
        }
        finally
        {
            Leave(mine);
        }
    };

    bool TryEnter(OpenConnection mine, out OpenConnection? leaving)
    {
        lock (gate)
        {
            leaving = count < most ? null : idle.First?.Value;
            if (count >= most && leaving is null)
                return false;
            if (leaving is not null)
                Remove(leaving);
            Add(mine);
            return true;
        }
    }

    void Leave(OpenConnection mine)
    {
        lock (gate)
            Remove(mine);
    }

    internal void Begin(OpenConnection mine)
    {
        lock (gate)
            if (mine.Requests++ == 0 && mine.IsOpen)
                idle.Remove(mine.Place);
    }

    internal void End(OpenConnection mine)
    {
        lock (gate)
            if (--mine.Requests == 0 && mine.IsOpen)
                idle.AddLast(mine.Place);
    }

    void Add(OpenConnection mine)
    {
        mine.IsOpen = true;
        idle.AddLast(mine.Place);
        count++;
    }

    void Remove(OpenConnection mine)
    {
        if (!mine.IsOpen)
            return;
        mine.IsOpen = false;
        count--;
        if (mine.Requests == 0)
            idle.Remove(mine.Place);
    }
}

/// <summary>A connection, idle while no request of it is under way: also while it has not sent a whole head yet.</summary>
sealed class OpenConnection
{
    readonly OpenConnections all;
    readonly ConnectionContext connection;

    public OpenConnection(OpenConnections all, ConnectionContext connection)
    {
        (this.all, this.connection) = (all, connection);
        Place = new LinkedListNode<OpenConnection>(this);
    }

    /// <summary>Its place among the idle ones.</summary>
    internal LinkedListNode<OpenConnection> Place { get; }

    /// <summary>How many of its requests are under way.</summary>
    internal int Requests { get; set; }

    /// <summary>Whether it is counted: not yet, or not any more.</summary>
    internal bool IsOpen { get; set; }

    public void Begin() => all.Begin(this);

    public void End() => all.End(this);

    public void GiveWay() => connection.Abort(new ConnectionAbortedException("It was idle, and a new connection came."));
}
