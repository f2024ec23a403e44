using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Extensions.FileProviders;

namespace MedGenCluster.Silo.Web.Files;

/// <summary>The built dashboard: files whose names carry a hash are kept by browsers for good, the page itself is asked for again. Paths without an extension are the page's own.</summary>
internal static class DashboardFiles
{
    private const string Html = "text/html; charset=utf-8";

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
        var page = Path.Combine(root, "index.html");
        var built = File.Exists(page);
        if (built)
        {
            app.UseStaticFiles(new StaticFileOptions { FileProvider = new PhysicalFileProvider(root), OnPrepareResponse = Cache });
        }

        // Not an endpoint: one that takes every path would hide that an address exists and does not take the method.
        app.Use((context, next) =>
        {
            if (context.GetEndpoint() is not null || !IsPage(context.Request))
            {
                return next(context);
            }

            context.Response.Headers.CacheControl = "no-cache";
            return (built ? Results.File(page, Html) : Results.Text(Missing, Html)).ExecuteAsync(context);
        });
    }

    private static bool IsPage(HttpRequest request) =>
        (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method)) && !request.Path.StartsWithSegments("/api")
        && !Path.HasExtension(request.Path.Value);

    private static void Cache(StaticFileResponseContext context) => context.Context.Response.Headers.CacheControl =
        context.Context.Request.Path.StartsWithSegments("/assets") ? "public, max-age=31536000, immutable" : "no-cache";
}
