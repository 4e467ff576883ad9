using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;

namespace Analytics.Http;

/// <summary>
/// Pages configuration rows by keyset: each page starts after the last row of the one before, ties broken by id, so rows
/// inserted meanwhile neither repeat nor hide others.
/// </summary>
public sealed class Keyset<T, TId>(Expression<Func<T, TId>> id)
{
    readonly Dictionary<string, LambdaExpression> fields = [];

    /// <summary>A field to sort by. Null values must be replaced: nothing comes after null.</summary>
    public Keyset<T, TId> By<TKey>(string name, Expression<Func<T, TKey>> key)
    {
        fields[name] = key;
        return this;
    }

    public async Task<Page<TRow>> PageAsync<TRow>(
        IQueryable<T> rows, PageRequest page, Func<T, TRow> shape, CancellationToken cancel)
    {
        var key = fields[page.Sort];
        if (page.After is { } after)
            rows = rows.Where(After(key, after, page.Descending));
        var found = await Ordered(rows, key, page.Descending).Take(page.Limit + 1).ToListAsync(cancel);

        var keyOf = key.Compile();
        var idOf = id.Compile();
        var read = Page.Of(found, page, row => [keyOf.DynamicInvoke(row), idOf(row)]);
        return new([.. read.Data.Select(shape)], read.Meta);
    }

    IQueryable<T> Ordered(IQueryable<T> rows, LambdaExpression key, bool descending)
    {
        var method = descending ? nameof(Queryable.OrderByDescending) : nameof(Queryable.OrderBy);
        var ordered = (IOrderedQueryable<T>)rows.Provider.CreateQuery<T>(Expression.Call(
            typeof(Queryable), method, [typeof(T), key.ReturnType], rows.Expression, Expression.Quote(key)));
        return descending ? ordered.ThenByDescending(id) : ordered.ThenBy(id);
    }

    /// <summary>key > k or (key = k and id > i), or the other way round.</summary>
    Expression<Func<T, bool>> After(LambdaExpression key, PageCursor after, bool descending)
    {
        var row = Expression.Parameter(typeof(T), "row");
        var keyOfRow = new Replace(key.Parameters[0], row).Visit(key.Body)!;
        var idOfRow = new Replace(id.Parameters[0], row).Visit(id.Body)!;
        var lastKey = Parameter(after.Key(0, key.ReturnType), key.ReturnType);
        var lastId = Parameter(after.Key(1, typeof(TId)), typeof(TId));
        return Expression.Lambda<Func<T, bool>>(
            Expression.OrElse(
                Beyond(keyOfRow, lastKey, descending),
                Expression.AndAlso(Expression.Equal(keyOfRow, lastKey), Beyond(idOfRow, lastId, descending))),
            row);
    }

    static BinaryExpression Beyond(Expression left, Expression right, bool descending)
    {
        var order = Expression.Call(left, left.Type.GetMethod("CompareTo", [left.Type])!, right);
        return descending
            ? Expression.LessThan(order, Expression.Constant(0))
            : Expression.GreaterThan(order, Expression.Constant(0));
    }

    // A captured variable rather than a constant, so that the query text stays the same.
    static MemberExpression Parameter(object value, Type type)
    {
        var box = Activator.CreateInstance(typeof(KeysetValue<>).MakeGenericType(type), value)!;
        return Expression.Property(Expression.Constant(box), "Value");
    }

    sealed class Replace(Expression from, Expression to) : ExpressionVisitor
    {
        public override Expression? Visit(Expression? node) => node == from ? to : base.Visit(node);
    }
}

sealed record KeysetValue<TValue>(TValue Value);
