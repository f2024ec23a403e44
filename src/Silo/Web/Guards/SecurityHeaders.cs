using MedGenCluster.Engine;
using Microsoft.AspNetCore.Http;

namespace MedGenCluster.Silo.Web.Guards;

/// <summary>What every answer tells browsers: nothing but this host's own files runs or loads, and nobody frames a page.</summary>
internal static class SecurityHeaders
{
    private static readonly string Policy = Allow(style: "'self'", font: "'self'");

    /// <summary>The engine's own pages set styles in their markup and bring fonts in their style sheet. No more script is allowed to them than to others.</summary>
    private static readonly string EnginePolicy = Allow(style: "'self' 'unsafe-inline'", font: "'self' data:");

    public static Task SetAsync(HttpContext context, RequestDelegate next)
    {
        // Set when the answer starts: an error's answer clears what was set before it.
        context.Response.OnStarting(Set, (context.Response.Headers, context.Request.Path.StartsWithSegments(IEngine.PagesPath) ? EnginePolicy : Policy));
        return next(context);
    }

    private static Task Set(object state)
    {
        var (headers, policy) = ((IHeaderDictionary, string))state;
        headers.ContentSecurityPolicy = policy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()";
        return Task.CompletedTask;
    }

    private static string Allow(string style, string font) =>
        $"default-src 'none'; script-src 'self'; style-src {style}; img-src 'self' data: blob:; media-src 'self'; connect-src 'self'; font-src {font}; manifest-src 'self'; "
        + "base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
}
