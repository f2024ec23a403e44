using System.Globalization;
using System.Text;
using System.Xml;

namespace MedGenCluster.StandIn;

/// <summary>Writes a channel as RSS 2.0. yt-dlp's generic extractor makes a playlist of it: an entry for each enclosure, the guid as its id.</summary>
internal static class ChannelFeed
{
    private const string Itunes = "http://www.itunes.com/dtds/podcast-1.0.dtd";

    private const string Own = "urn:medgencluster:stand-in";

    /// <param name="root">The address that enclosures are under, ending in a slash.</param>
    /// <param name="length">Bytes of the file at a path, 0 where there is none.</param>
    public static byte[] Write(StandInChannel channel, Uri root, Func<string, long> length)
    {
        using var buffer = new MemoryStream();
        using (var xml = XmlWriter.Create(buffer, new XmlWriterSettings { Encoding = new UTF8Encoding(false), Indent = true }))
        {
            xml.WriteStartElement("rss");
            xml.WriteAttributeString("version", "2.0");
            xml.WriteAttributeString("xmlns", "itunes", null, Itunes);
            xml.WriteAttributeString("xmlns", "s", null, Own);
            xml.WriteStartElement("channel");
            xml.WriteElementString("title", channel.Title);
            xml.WriteElementString("link", new Uri(root, channel.Path).AbsoluteUri);
            xml.WriteElementString("description", $"{channel.Count} videos");
            xml.WriteElementString("count", Own, channel.Count.ToString(CultureInfo.InvariantCulture));
            foreach (var item in channel.Items)
            {
                WriteItem(xml, item, root, length(item.Path));
            }

            xml.WriteEndElement();
            xml.WriteEndElement();
        }

        return buffer.ToArray();
    }

    private static void WriteItem(XmlWriter xml, StandInItem item, Uri root, long length)
    {
        xml.WriteStartElement("item");
        xml.WriteElementString("title", item.Title);
        xml.WriteElementString("description", item.Description);
        xml.WriteElementString("guid", item.Id);
        if (item.Published is { } published)
        {
            xml.WriteElementString("pubDate", published.ToString("R", CultureInfo.InvariantCulture));
        }

        if (item.Duration is { } duration)
        {
            xml.WriteElementString("duration", Itunes, duration.ToString("c", CultureInfo.InvariantCulture));
        }

        xml.WriteStartElement("enclosure");
        xml.WriteAttributeString("url", new Uri(root, item.Path).AbsoluteUri);
        xml.WriteAttributeString("length", length.ToString(CultureInfo.InvariantCulture));
        xml.WriteAttributeString("type", item.Kind == StandInItemKind.Live ? "application/vnd.apple.mpegurl" : "video/mp4");
        xml.WriteEndElement();
        xml.WriteEndElement();
    }
}
