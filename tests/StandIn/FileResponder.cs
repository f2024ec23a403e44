using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace MedGenCluster.StandIn;

/// <summary>Sends a file or a range of it (RFC 9110 section 14: one range, If-Range by strong ETag or date), with the trouble that was asked for.</summary>
internal static class FileResponder
{
    private const int Piece = 1 << 16;

    /// <param name="settle">Told the status before the first byte of the body.</param>
    /// <param name="stopping">Ends a stall.</param>
    public static async Task SendAsync(HttpContext http, StandInFile file, Trouble? trouble, Action<int> settle, CancellationToken stopping)
    {
        var response = http.Response;
        response.ContentType = trouble is Trouble.SayType type ? type.ContentType : file.ContentType;
        response.Headers.AcceptRanges = "bytes";
        response.Headers.ETag = file.ETag;
        response.Headers.LastModified = file.LastModified?.ToString("R", CultureInfo.InvariantCulture);
        long total = file.Content.Length;
        var said = trouble is Trouble.SayLength lie ? lie.Bytes : total;
        var range = trouble is Trouble.IgnoreRange ? null : Range(http.Request, file);
        long from = 0, to = total - 1;
        if (range is not null)
        {
            from = range.From ?? Math.Max(0, total - range.To!.Value);
            to = range.From is null ? total - 1 : Math.Min(range.To ?? (total - 1), total - 1);
            if (from > to)
            {
                response.StatusCode = StatusCodes.Status416RangeNotSatisfiable;
                response.Headers.ContentRange = $"bytes */{total}";
                settle(416);
                return;
            }
        }

        var excess = trouble is Trouble.Excess more ? more.Bytes : 0;
        var shift = trouble is Trouble.ShiftContentRange wrong ? wrong.By : 0;
        if (range is not null || excess > 0)
        {
            response.StatusCode = StatusCodes.Status206PartialContent;
            response.Headers.ContentRange = $"bytes {from + shift}-{to + shift - excess}/{said - excess}";
        }

        var length = to - from + 1 + said - total;
        response.ContentLength = excess > 0 ? null : Math.Max(0, length);
        settle(response.StatusCode);
        if (HttpMethods.IsHead(http.Request.Method))
        {
            return;
        }

        await BodyAsync(http, file.Content.Slice((int)from, (int)Math.Min(to - from + 1, Math.Max(0, length))), trouble, stopping).ConfigureAwait(false);
    }

    private static async Task BodyAsync(HttpContext http, ReadOnlyMemory<byte> body, Trouble? trouble, CancellationToken stopping)
    {
        var limit = trouble switch
        {
            Trouble.Stall stall => Math.Min(stall.AfterBytes, body.Length),
            Trouble.Truncate cut => Math.Min(cut.AfterBytes, body.Length),
            _ => body.Length,
        };
        await http.Response.StartAsync(http.RequestAborted).ConfigureAwait(false);
        for (var sent = 0; sent < limit; sent += Piece)
        {
            await http.Response.BodyWriter.WriteAsync(body.Slice(sent, Math.Min(Piece, limit - sent)), http.RequestAborted).ConfigureAwait(false);
        }

        // A body that ends before its Content-Length makes the server close the connection behind what was written.
        if (trouble is Trouble.Stall)
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, stopping);
            await Task.Delay(Timeout.Infinite, either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            http.Abort();
        }
    }

    private static RangeItemHeaderValue? Range(HttpRequest request, StandInFile file)
    {
        if (!RangeHeaderValue.TryParse(request.Headers.Range.ToString(), out var asked) || asked.Unit != "bytes" || asked.Ranges.Count != 1)
        {
            return null;
        }

        var condition = request.Headers.IfRange.ToString();
        var holds = condition.Length == 0
            || (condition.StartsWith('"') ? condition == file.ETag : condition == file.LastModified?.ToString("R", CultureInfo.InvariantCulture));
        return holds ? asked.Ranges.Single() : null;
    }
}
