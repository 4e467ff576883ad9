using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;

namespace Analytics.Http;

/// <summary>
/// Pages configuration rows by keyset: each page starts after the last row of the one before, ties broken by id, so rows
/// inserted meanwhile neither repeat nor hide others. Rows without the field come last, up and down.
/// </summary>
sealed class Keyset<T, TId>(Expression<Func<T, TId>> id)
{
    readonly Dictionary<string, LambdaExpression> fields = [];

    /// <summary>A field to sort by.</summary>
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
        if (!CanBeNull(key.ReturnType))
            rows = Ordered(rows, descending ? nameof(Queryable.OrderByDescending) : nameof(Queryable.OrderBy), key);
        else
        {
            rows = Ordered(rows, nameof(Queryable.OrderBy), Expression.Lambda(IsNull(key.Body), key.Parameters));
            rows = Ordered(rows, descending ? nameof(Queryable.ThenByDescending) : nameof(Queryable.ThenBy), key);
        }
        var ordered = (IOrderedQueryable<T>)rows;
        return descending ? ordered.ThenByDescending(id) : ordered.ThenBy(id);
    }

    static IQueryable<T> Ordered(IQueryable<T> rows, string method, LambdaExpression key) => rows.Provider.CreateQuery<T>(
        Expression.Call(typeof(Queryable), method, [typeof(T), key.ReturnType], rows.Expression, Expression.Quote(key)));

    /// <summary>key > k or (key = k and id > i), or the other way round; after the last key those without one.</summary>
    Expression<Func<T, bool>> After(LambdaExpression key, PageCursor after, bool descending)
    {
        var row = Expression.Parameter(typeof(T), "row");
        var keyOfRow = new Replace(key.Parameters[0], row).Visit(key.Body)!;
        var idOfRow = new Replace(id.Parameters[0], row).Visit(id.Body)!;
        var isLater = Beyond(idOfRow, Parameter(after.Key(1, typeof(TId)), typeof(TId)), descending);
        if (CanBeNull(key.ReturnType) && after.IsNull(0))
            return Expression.Lambda<Func<T, bool>>(Expression.AndAlso(IsNull(keyOfRow), isLater), row);

        var value = Nullable.GetUnderlyingType(key.ReturnType) ?? key.ReturnType;
        var lastKey = Parameter(after.Key(0, value), value);
        var held = value == key.ReturnType ? keyOfRow : Expression.Property(keyOfRow, "Value");
        var isAfter = Expression.OrElse(
            Beyond(held, lastKey, descending),
            Expression.AndAlso(Expression.Equal(held, lastKey), isLater));
        return Expression.Lambda<Func<T, bool>>(CanBeNull(key.ReturnType) ? Expression.OrElse(IsNull(keyOfRow), isAfter) : isAfter, row);
    }

    static BinaryExpression Beyond(Expression left, Expression right, bool descending)
    {
        var order = Expression.Call(left, left.Type.GetMethod("CompareTo", [left.Type])!, right);
        return descending
            ? Expression.LessThan(order, Expression.Constant(0))
            : Expression.GreaterThan(order, Expression.Constant(0));
    }

    static bool CanBeNull(Type type) => !type.IsValueType || Nullable.GetUnderlyingType(type) is not null;

    static BinaryExpression IsNull(Expression key) => Expression.Equal(key, Expression.Constant(null, key.Type));

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
