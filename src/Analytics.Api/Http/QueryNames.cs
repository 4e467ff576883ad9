using System.Collections;
using System.Globalization;
using Microsoft.AspNetCore.Mvc.ApplicationModels;
using Microsoft.AspNetCore.Mvc.ModelBinding;

namespace Analytics.Http;

/// <summary>
/// Binds query parameters, in records or alone, under the route's names: the property CustomerId is <c>customer_id</c>, or
/// <c>customerId</c>.
/// </summary>
sealed class QueryNames : IValueProviderFactory, IParameterModelConvention
{
    public Task CreateValueProviderAsync(ValueProviderFactoryContext context)
    {
        var http = context.ActionContext.HttpContext;
        context.ValueProviders.Add(new Values(http.Request.Query, Naming.Of(http)));
        return Task.CompletedTask;
    }

    /// <summary>What a record of parameters is called in the code means nothing in a query.</summary>
    public void Apply(ParameterModel parameter)
    {
        if (parameter.BindingInfo?.BindingSource == BindingSource.Query
            && parameter.ParameterType.IsClass && !parameter.ParameterType.IsAssignableTo(typeof(IEnumerable)))
            parameter.BindingInfo.BinderModelName = "";
    }

    sealed class Values(IQueryCollection query, Naming naming) : BindingSourceValueProvider(BindingSource.Query)
    {
        // Nothing nests in a query: a parameter is there under its whole name or not at all.
        public override bool ContainsPrefix(string prefix) => query.ContainsKey(naming.NameOf(prefix));

        public override ValueProviderResult GetValue(string key) => query.TryGetValue(naming.NameOf(key), out var values)
            ? new(values, CultureInfo.InvariantCulture)
            : ValueProviderResult.None;
    }
}
