using System.Net;
using MedGenCluster.Curation.Network;
using MedGenCluster.Curation.Sources.YouTube;
using YoutubeExplode.Exceptions;

namespace MedGenCluster.YoutubeExplodeSource;

/// <summary>Tells from what YoutubeExplode throws whose fault a failure is.</summary>
internal static class ExplodeFailures
{
    /// <returns>Null for what is a surprise, and for a cancellation that was asked for.</returns>
    public static ClientFailure? Of(Exception error, CancellationToken cancellationToken) => error switch
    {
        OperationCanceledException => cancellationToken.IsCancellationRequested ? null : new ClientFailure(FailureKind.Network, "timeout", "YouTube did not answer in time."),
        RequestLimitExceededException => new ClientFailure(FailureKind.EgressBlock, "rate-limited", error.Message, Throttled: true),
        VideoRequiresPurchaseException => new ClientFailure(FailureKind.VideoSpecific, "paid", error.Message, Permanent: true),
        PlaylistUnavailableException => new ClientFailure(FailureKind.VideoSpecific, "no-list", error.Message, Permanent: true),
        // YouTube's own words stand in the message, and they tell a private video from a question whether one is a robot.
        VideoUnplayableException => SiteMessages.Read(error.Message) ?? new ClientFailure(FailureKind.VideoSpecific, "unavailable", error.Message, Permanent: true),
        YoutubeExplodeException => new ClientFailure(FailureKind.ClientBroken, "extractor", $"{error.Message} YoutubeExplode may be too old for what YouTube sends now; use youtube.client={YouTubeOptions.YtDlpClient}."),
        HttpRequestException { StatusCode: HttpStatusCode.Forbidden } => new ClientFailure(FailureKind.EgressBlock, "forbidden", error.Message),
        HttpRequestException { StatusCode: HttpStatusCode.TooManyRequests } => new ClientFailure(FailureKind.EgressBlock, "rate-limited", error.Message, Throttled: true),
        HttpRequestException { StatusCode: HttpStatusCode.NotFound or HttpStatusCode.Gone } => new ClientFailure(FailureKind.VideoSpecific, "unavailable", error.Message, Permanent: true),
        HttpRequestException { StatusCode: HttpStatusCode.ServiceUnavailable } => new ClientFailure(FailureKind.Network, "overloaded", error.Message, Throttled: true),
        HttpRequestException { StatusCode: not null and < HttpStatusCode.InternalServerError } => new ClientFailure(FailureKind.ClientBroken, "extractor", error.Message),
        HttpRequestException or IOException => SiteMessages.Read(error.Message) ?? new ClientFailure(FailureKind.Network, "connection", error.Message),
        _ => null,
    };
}
