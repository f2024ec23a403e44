using Microsoft.AspNetCore.Http;

namespace MedGenCluster.Silo.Web.Guards;

/// <summary>Requests that change something come from this host's own pages or from programs, never from the page of another site; and bodies are what they say.</summary>
internal static class ForeignRequests
{
    public static Task CheckAsync(HttpContext context, RequestDelegate next)
    {
        var request = context.Request;
        if (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || HttpMethods.IsOptions(request.Method))
        {
            return next(context);
        }

        if (IsForeign(request))
        {
            return Problems.WriteAsync(context, StatusCodes.Status403Forbidden, "The request comes from the page of another site.");
        }

        var hasBody = request.ContentLength is > 0 || request.Headers.TransferEncoding.Count > 0;
        var form = request.Path == "/login" || request.Path == "/logout";
        return hasBody && !(form ? request.HasFormContentType : request.HasJsonContentType())
            ? Problems.WriteAsync(context, StatusCodes.Status415UnsupportedMediaType, "Send the body as application/json.")
            : next(context);
    }

    private static bool IsForeign(HttpRequest request)
    {
        if (request.Headers["Sec-Fetch-Site"].ToString() is "cross-site" or "same-site")
        {
            return true;
        }

        var origin = request.Headers.Origin.ToString();
        return origin.Length > 0 && !string.Equals(origin, $"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase);
    }
}
