using MedGenCluster.Engine;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Dashboard;

namespace MedGenCluster.Grains.Hosting;

/// <summary>Orleans' own dashboard for the host's web server to show behind its guards and token: its services are the silo's, not the web server's.</summary>
internal static class OrleansPages
{
    public static RequestDelegate Of(IServiceProvider silo)
    {
        var pipeline = new ApplicationBuilder(silo);
        pipeline.UseRouting();
        pipeline.UseEndpoints(endpoints => endpoints.MapOrleansDashboard(IEngine.PagesPath));
        var answer = pipeline.Build();
        return async context =>
        {
            var outer = context.RequestServices;
            await using var scope = silo.CreateAsyncScope();
            context.RequestServices = scope.ServiceProvider;
            // The route was found in the web server's table; it is looked for again in the dashboard's.
            context.SetEndpoint(null);
            context.Request.RouteValues.Clear();
            var (method, body) = (context.Request.Method, context.Response.Body);
            if (HttpMethods.IsHead(method))
            {
                // Its routes know GET alone.
                context.Request.Method = HttpMethods.Get;
                context.Response.Body = Stream.Null;
            }

            try
            {
                await answer(context);
            }
            finally
            {
                context.RequestServices = outer;
                (context.Request.Method, context.Response.Body) = (method, body);
            }
        };
    }
}
