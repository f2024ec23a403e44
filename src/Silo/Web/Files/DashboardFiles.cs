using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Extensions.FileProviders;

namespace MedGenCluster.Silo.Web.Files;

/// <summary>The built dashboard: files whose names carry a hash are kept by browsers for good, the page itself is asked for again. Paths without an extension are the page's own.</summary>
internal static class DashboardFiles
{
    private const string Missing =
        """
        <!doctype html><html lang="en"><head><meta charset="utf-8"><title>MedGenCluster</title></head><body><main>
        <h1>The dashboard is not in this build</h1>
        <p>It is built with Node: install Node 20 or later with npm, and build again. The API is here: <a href="/openapi/v1.json">its description</a>.</p>
        </main></body></html>
        """;

    /// <param name="folder">Null for the one beside the program.</param>
    public static void UseDashboard(this WebApplication app, string? folder)
    {
        var root = Path.GetFullPath(folder ?? Path.Combine(AppContext.BaseDirectory, "dashboard"));
        if (!File.Exists(Path.Combine(root, "index.html")))
        {
            app.MapFallback(() => Results.Text(Missing, "text/html; charset=utf-8")).ExcludeFromDescription();
            return;
        }

        var provider = new PhysicalFileProvider(root);
        app.UseStaticFiles(new StaticFileOptions { FileProvider = provider, OnPrepareResponse = Cache });
        app.MapFallback("{*path:nonfile}", (HttpContext context) =>
        {
            context.Response.Headers.CacheControl = "no-cache";
            return Results.File(Path.Combine(root, "index.html"), "text/html; charset=utf-8");
        }).ExcludeFromDescription();
    }

    private static void Cache(StaticFileResponseContext context) => context.Context.Response.Headers.CacheControl =
        context.Context.Request.Path.StartsWithSegments("/assets") ? "public, max-age=31536000, immutable" : "no-cache";
}
