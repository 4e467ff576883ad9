using System.Reflection;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Controllers;

namespace Analytics.Http;

/// <summary>
/// Finds controllers that are internal, which MVC passes over. A public controller's constructor would make every class that
/// it is given public, and those their own.
/// </summary>
sealed class InternalControllers : ControllerFeatureProvider
{
    protected override bool IsController(TypeInfo typeInfo) =>
        typeInfo is { IsNotPublic: true, IsAbstract: false } && typeInfo.IsSubclassOf(typeof(ControllerBase));
}
