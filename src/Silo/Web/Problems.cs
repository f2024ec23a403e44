using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Logging;

namespace MedGenCluster.Silo.Web;

/// <summary>Errors as problem details (RFC 9457). The detail is a sentence that says what to do.</summary>
public static partial class Problems
{
    public const string ContentType = "application/problem+json";

    internal const string TooLong = "The body is longer than this host takes.";

    public static IResult Of(int status, string detail) => TypedResults.Problem(detail, statusCode: status, title: ReasonPhrases.GetReasonPhrase(status));

    public static IResult BadRequest(params IReadOnlyList<string> sentences) => Of(StatusCodes.Status400BadRequest, string.Join(" ", sentences));

    public static IResult NotFound(string detail) => Of(StatusCodes.Status404NotFound, detail);

    public static IResult Conflict(string detail) => Of(StatusCodes.Status409Conflict, detail);

    public static Task WriteAsync(HttpContext context, int status, string detail) => Of(status, detail).ExecuteAsync(context);

    /// <summary>An answer for a surprise. What went wrong inside is logged and not told.</summary>
    internal static Task HandleAsync(HttpContext context, ILogger log)
    {
        var error = context.Features.Get<IExceptionHandlerFeature>()?.Error;
        switch (error)
        {
            case BadHttpRequestException bad:
                return WriteAsync(context, bad.StatusCode, bad.StatusCode == StatusCodes.Status413PayloadTooLarge ? TooLong : Sentence(bad));
            case InvalidDataException form:
                return WriteAsync(context, StatusCodes.Status400BadRequest, $"The form cannot be read: {form.Message}");
            case Engine.Ledger.LedgerException expected:
                return WriteAsync(context, StatusCodes.Status409Conflict, expected.Message);
            case Curation.Models.ModelException model:
                return WriteAsync(context, StatusCodes.Status503ServiceUnavailable, model.Message);
            default:
                WebLog.Surprise(log, context.Request.Method, context.Request.Path, error);
                return WriteAsync(context, StatusCodes.Status500InternalServerError, "Something went wrong inside the host; its log says what.");
        }
    }

    /// <summary>Binding errors name the parameter; a JSON error names the field and the line.</summary>
    private static string Sentence(BadHttpRequestException bad) => bad.InnerException is System.Text.Json.JsonException json
        ? $"The body is no such JSON: {json.Message}"
        : UnboundParameter().Match(bad.Message) is { Success: true } unbound
            ? $"{char.ToLowerInvariant(unbound.Groups["name"].Value[0])}{unbound.Groups["name"].Value[1..]} takes {Kind(unbound.Groups["type"].Value)}, not '{unbound.Groups["value"].Value}'."
            : bad.Message;

    private static string Kind(string type) =>
        type.Contains("bool", StringComparison.Ordinal) ? "true or false" : type.Contains("int", StringComparison.Ordinal) || type.Contains("long", StringComparison.Ordinal) ? "a whole number" : "another value";

    /// <summary>The framework's sentence on a value of a wrong kind, which names the parameter with its type.</summary>
    [GeneratedRegex("^Failed to bind parameter \"(?<type>.+) (?<name>[A-Za-z]+)\" from \"(?<value>.*)\"\\.$", RegexOptions.Singleline)]
    private static partial Regex UnboundParameter();
}
