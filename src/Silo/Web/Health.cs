using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace MedGenCluster.Silo.Web;

/// <summary>/healthz: the process answers. /readyz: it can work; else 503 with the reason.</summary>
internal static class Health
{
    public static void Map(IEndpointRouteBuilder routes, Func<string?> readiness)
    {
        routes.MapGet("/healthz", () => TypedResults.Text("ok\n")).ExcludeFromDescription();
        routes.MapGet("/readyz", IResult () => readiness() is { } reason ? Problems.Of(StatusCodes.Status503ServiceUnavailable, reason) : TypedResults.Text("ok\n")).ExcludeFromDescription();
    }
}
