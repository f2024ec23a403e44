using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace MedGenCluster.Silo.Web.Access;

/// <summary>Who may ask: with a token, programs by header and people by a cookie that the login page gives.</summary>
internal static class Sessions
{
    public const string Cookie = "medgen";
    private const string Generation = "generation";
    private const string Either = "either";

    public static ClaimsPrincipal Principal(Token token, string scheme) => new(new ClaimsIdentity([new Claim(Generation, token.Generation)], scheme));

    /// <param name="keys">Folder for the keys that sign cookies; people stay logged in over a restart.</param>
    public static void AddSessions(this IServiceCollection services, Token token, string keys)
    {
        Directory.CreateDirectory(keys);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(keys, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        services.AddSingleton(token);
        services.AddDataProtection().SetApplicationName("MedGenCluster").PersistKeysToFileSystem(new DirectoryInfo(keys));
        services.AddAuthentication(Either)
            .AddPolicyScheme(Either, null, options => options.ForwardDefaultSelector = context =>
                context.Request.Headers.Authorization.Count > 0 ? BearerHandler.SchemeName : CookieAuthenticationDefaults.AuthenticationScheme)
            .AddScheme<AuthenticationSchemeOptions, BearerHandler>(BearerHandler.SchemeName, null)
            .AddCookie(options =>
            {
                options.Cookie.Name = Cookie;
                options.Cookie.HttpOnly = true;
                options.Cookie.SameSite = SameSiteMode.Strict;
                options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
                options.ExpireTimeSpan = TimeSpan.FromDays(7);
                options.SlidingExpiration = true;
                options.Events.OnValidatePrincipal = context =>
                {
                    if (context.Principal?.FindFirst(Generation)?.Value != token.Generation)
                    {
                        context.RejectPrincipal();
                    }

                    return Task.CompletedTask;
                };
            });
    }

    /// <summary>Turns away whoever is not known: people go to the login page, programs get 401.</summary>
    public static void UseSessions(this WebApplication app)
    {
        app.UseAuthentication();
        app.Use(async (context, next) =>
        {
            if (context.User.Identity?.IsAuthenticated == true || IsOpen(context.Request.Path))
            {
                await next(context);
                return;
            }

            if (HttpMethods.IsGet(context.Request.Method) && !context.Request.Path.StartsWithSegments("/api") && context.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase))
            {
                context.Response.Redirect("/login");
                return;
            }

            context.Response.Headers.WWWAuthenticate = "Bearer";
            await Problems.WriteAsync(context, StatusCodes.Status401Unauthorized, "This host asks for its token: send the header 'Authorization: Bearer TOKEN', or log in at /login.");
        });
    }

    private static bool IsOpen(PathString path) => path.Value is "/login" or "/login.css" or "/healthz" or "/readyz" or "/favicon.svg";
}
