using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Frames;
using MedGenCluster.Curation.Stages.Caption;
using MedGenCluster.Curation.Stages.Cut;
using MedGenCluster.Engine.Ledger;
using MedGenCluster.Silo.Running;
using MedGenCluster.Silo.Views;
using MedGenCluster.Silo.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;

namespace MedGenCluster.Silo.Api;

/// <summary>What clips look like: the video, a thumbnail, the captioner's frames. Files are found through the ledger alone, never through the request's text.</summary>
internal static class PictureEndpoints
{
    private const int ThumbnailWidth = 320;
    private const int FrameWidth = 480;

    public static void Map(IEndpointRouteBuilder clips, RunningHost running)
    {
        clips.MapGet("/{id}/video", (string id, HttpContext context) => VideoAsync(running, id, context)).WithTags("Items").WithSummary("The clip as video/mp4; takes range requests.");
        clips.MapGet("/{id}/thumbnail", (string id, HttpContext context) => PictureAsync(running, id, null, context)).WithTags("Items").WithSummary("A picture of the clip, 320 pixels wide.");
        clips.MapGet("/{id}/frames/{n:int}", (string id, int n, HttpContext context) => PictureAsync(running, id, n, context)).WithTags("Items").WithSummary("A frame of the clip: those that the captioner saw, or some from equal parts.");
    }

    private static async Task<IResult> VideoAsync(RunningHost running, string id, HttpContext context)
    {
        var (clip, path, trouble) = await OpenAsync(running, id);
        return trouble ?? File(path!, "video/mp4", clip!.Media!.Sha256, context);
    }

    private static async Task<IResult> PictureAsync(RunningHost running, string id, int? n, HttpContext context)
    {
        var (clip, path, trouble) = await OpenAsync(running, id);
        if (trouble is not null)
        {
            return trouble;
        }

        var measurements = running.Ledger.Measurements(clip!.Seq);
        if (CutData.Of(measurements) is not { Frames: > 0 } cut)
        {
            return Problems.NotFound($"Nothing is known of the frames of {clip.Id}.");
        }

        var frames = n is null ? [cut.Frames / 2] : Numbers(measurements, cut);
        if (n is { } wanted && (wanted < 0 || wanted >= frames.Count))
        {
            return Problems.NotFound($"{clip.Id} has frames 0 to {frames.Count - 1} to show.");
        }

        var files = await running.Pictures.GetAsync(clip.Media!.Sha256, path!, frames, n is null ? ThumbnailWidth : FrameWidth, context.RequestAborted);
        return files.Trouble is { } reason
            ? Problems.Of(StatusCodes.Status503ServiceUnavailable, $"No picture of {clip.Id} can be made. {reason}")
            : File(files.Paths[n ?? 0], "image/jpeg", $"{clip.Media.Sha256[..16]}-{frames[n ?? 0]}", context);
    }

    private static List<int> Numbers(IMeasurements measurements, CutData cut)
    {
        var (times, _) = ItemViews.Frames(measurements, CaptionData.Of(measurements));
        return [.. times.Select(time => Math.Clamp((int)Math.Round(time * cut.Rate.PerSecond), 0, cut.Frames - 1)).Distinct().Order()];
    }

    private static async Task<(LedgerItem? Clip, string? Path, IResult? Trouble)> OpenAsync(RunningHost running, string id)
    {
        if (await running.Ledger.FindAsync(id) is not { Kind: ItemKind.Clip } clip)
        {
            return (null, null, Api.NoItem(id));
        }

        if (clip.Media is not { } media)
        {
            return (null, null, Problems.NotFound($"{clip.Id} has not been cut yet, so there is nothing to see."));
        }

        try
        {
            return (clip, await running.Host.Media.OpenLocalAsync(media, CancellationToken.None), null);
        }
        catch (FileNotFoundException lost)
        {
            return (null, null, Problems.NotFound(lost.Message));
        }
    }

    /// <summary>A file that never changes under its name.</summary>
    internal static IResult File(string path, string type, string tag, HttpContext context)
    {
        // Not so the refusal of a range: that is an answer to one request.
        context.Response.OnStarting(() =>
        {
            if (context.Response.StatusCode is StatusCodes.Status200OK or StatusCodes.Status206PartialContent or StatusCodes.Status304NotModified)
            {
                context.Response.Headers.CacheControl = "private, max-age=31536000, immutable";
            }

            return Task.CompletedTask;
        });
        return TypedResults.PhysicalFile(path, type, enableRangeProcessing: true, entityTag: new EntityTagHeaderValue($"\"{tag}\""));
    }
}
