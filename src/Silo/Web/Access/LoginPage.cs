using System.Globalization;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace MedGenCluster.Silo.Web.Access;

/// <summary>The page on which people give the token. It works without scripts.</summary>
internal static class LoginPage
{
    private const string Style =
        """
        :root { color-scheme: light dark; }
        body { margin: 0; min-height: 100vh; display: grid; place-items: center; font: 16px/1.5 system-ui, sans-serif; background: light-dark(#f6f7f9, #14171c); color: light-dark(#1c2330, #e6e9ef); }
        form { width: min(22rem, 90vw); padding: 2rem; border-radius: 12px; background: light-dark(#fff, #1d222a); box-shadow: 0 1px 3px rgb(0 0 0 / 20%); }
        h1 { margin: 0 0 1rem; font-size: 1.25rem; }
        label { display: block; margin-bottom: .25rem; }
        input, button { box-sizing: border-box; width: 100%; padding: .6rem .75rem; font: inherit; border-radius: 8px; }
        input { border: 1px solid light-dark(#c5ccd8, #424b5a); background: light-dark(#fff, #14171c); color: inherit; }
        button { margin-top: 1rem; border: 0; background: #1f6feb; color: #fff; cursor: pointer; }
        input:focus-visible, button:focus-visible { outline: 3px solid #6aa9ff; outline-offset: 1px; }
        p { margin: 1rem 0 0; } .error { color: light-dark(#b3261e, #ff8a80); }
        """;

    public static void Map(IEndpointRouteBuilder routes, Token token, ILogger log)
    {
        // Few people type a token wrongly more often than this; a program that guesses is held up.
        // Each address by itself, so that a guesser does not lock out the others.
        var tries = PartitionedRateLimiter.Create<HttpContext, string>(context => RateLimitPartition.GetFixedWindowLimiter(
            context.Connection.RemoteIpAddress?.ToString() ?? "", _ => new FixedWindowRateLimiterOptions { PermitLimit = 20, Window = TimeSpan.FromMinutes(1), QueueLimit = 0 }));
        routes.MapGet("/login", () => Page(null)).ExcludeFromDescription();
        routes.MapGet("/login.css", () => Results.Text(Style, "text/css")).ExcludeFromDescription();
        routes.MapPost("/login", async (HttpContext context) =>
        {
            using var permit = tries.AttemptAcquire(context);
            if (!permit.IsAcquired)
            {
                return Page("Too many tries; wait a minute.", StatusCodes.Status429TooManyRequests);
            }

            var form = await context.Request.ReadFormAsync(context.RequestAborted);
            if (!token.Matches(form["token"].ToString().Trim()))
            {
                WebLog.WrongToken(log, context.Connection.RemoteIpAddress?.ToString());
                return Page("That is not this host's token.", StatusCodes.Status401Unauthorized);
            }

            await context.SignInAsync(
                CookieAuthenticationDefaults.AuthenticationScheme, Sessions.Principal(token, CookieAuthenticationDefaults.AuthenticationScheme), new AuthenticationProperties { IsPersistent = true });
            return Results.Redirect("/");
        }).DisableAntiforgery().ExcludeFromDescription();
        routes.MapPost("/logout", async (HttpContext context) =>
        {
            await context.SignOutAsync(CookieAuthenticationDefaults.AuthenticationScheme);
            return Results.Redirect("/login");
        }).ExcludeFromDescription();
    }

    private static IResult Page(string? error, int status = StatusCodes.Status200OK) => Results.Text(
        string.Create(
            CultureInfo.InvariantCulture,
            $"""
             <!doctype html>
             <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Log in · MedGenCluster</title>
             <link rel="stylesheet" href="/login.css"></head><body><main><form method="post" action="/login">
             <h1>MedGenCluster</h1><label for="token">Token of this host</label>
             <input id="token" name="token" type="password" autocomplete="current-password" autofocus required>
             <button type="submit">Log in</button>{(error is null ? "" : $"<p class=\"error\" role=\"alert\">{error}</p>")}
             </form></main></body></html>
             """),
        "text/html; charset=utf-8", statusCode: status);
}
